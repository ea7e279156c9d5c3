package shop;

/** That somebody asks for a user who is not there is no failure of this service. */
final class UserNotFoundException extends Exception {
  UserNotFoundException(String id) {
    super("user " + id + " does not exist");
  }
}

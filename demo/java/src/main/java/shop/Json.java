package shop;

/** As much of JSON as this service writes, so that it needs no library for it. */
final class Json {
  private Json() {}

  /** What stands between the quotation marks of a string. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') escaped.append('\\').append(c);
      else if (c < ' ') escaped.append(String.format("\\u%04x", (int) c));
      else escaped.append(c);
    }
    return escaped.toString();
  }
}

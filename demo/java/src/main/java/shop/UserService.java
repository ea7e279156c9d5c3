package shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The user-service in Java: {@code GET /users/{id}} reads one user from PostgreSQL. It answers what the one in TypeScript
 * answers. OpenTelemetry's agent traces its requests and queries from outside; the span in between is made with the API.
 */
public final class UserService {
  private static final String ROUTE = "/users/:id";
  private static final int THREADS = 10;

  private final Users users;

  private UserService(Users users) {
    this.users = users;
  }

  public static void main(String[] args) throws IOException, SQLException {
    String schema = Files.readString(Path.of("..", "user-service.sql"));
    Users users = Users.open(env("DATABASE_URL", ""), schema, env("FAULTS", "").contains("slow-instance"));
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(env("PORT", "0"))), 0);
    server.setExecutor(threads);
    server.createContext("/users/", new UserService(users)::serve);
    server.start();
    // The agent sends the spans that are left by a hook of its own.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0)));
    System.out.println("user-service ready at http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) {
    // The agent knows the path that the handler is registered for; the route is what is asked of it.
    Span.current().updateName("GET " + ROUTE).setAttribute("http.route", ROUTE);
    String id = exchange.getRequestURI().getPath().substring("/users/".length());
    try {
      answer(exchange, 200, users.get(id).toJson());
    } catch (UserNotFoundException e) {
      answer(exchange, 404, "{\"error\":\"" + Json.escape(e.getMessage()) + "\"}");
    } catch (SQLException e) {
      answer(exchange, 500, "{\"error\":\"something went wrong\"}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String json) {
    byte[] body = (json + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String env(String key, String fallback) {
    String value = System.getenv(key);
    return value == null || value.isEmpty() ? fallback : value;
  }
}

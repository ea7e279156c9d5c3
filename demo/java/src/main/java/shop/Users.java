package shop;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The users in the database. */
final class Users {
  private static final String SELECT_USER = "SELECT id, name, email, plan FROM user_service.users WHERE id = ?";
  private static final String SELECT_CREDIT_LIMIT = "SELECT user_service.credit_limit_cents(?) AS \"creditLimitCents\"";
  private static final long SLOW_INSTANCE_MS = 400;

  private final Tracer tracer = GlobalOpenTelemetry.getTracer("clew/demo/java");
  private final String url;
  private final Properties properties;
  /** Connections that nobody uses; there are never more than threads that serve. */
  private final ConcurrentLinkedQueue<Connection> idle = new ConcurrentLinkedQueue<>();
  private final boolean isSlow;

  private Users(String url, Properties properties, boolean isSlow) {
    this.url = url;
    this.properties = properties;
    this.isSlow = isSlow;
  }

  /** Connects to {@code postgres://user:password@host:port/database} and creates the tables if they are not there. */
  static Users open(String databaseUrl, String schema, boolean isSlow) throws SQLException {
    URI address = URI.create(databaseUrl);
    Properties properties = new Properties();
    String[] credentials = address.getRawUserInfo() == null ? new String[0] : address.getRawUserInfo().split(":", 2);
    if (credentials.length > 0) properties.setProperty("user", decode(credentials[0]));
    if (credentials.length > 1) properties.setProperty("password", decode(credentials[1]));
    // No prepared statements on the server: all connections to the database that the demo brings along share one session,
    // and so one set of their names.
    properties.setProperty("prepareThreshold", "0");
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    String url = "jdbc:postgresql://" + address.getHost() + port + address.getPath() + query;
    Users users = new Users(url, properties, isSlow);
    Connection connection = users.connect();
    try (Scope ignored = untraced().makeCurrent();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN; SELECT pg_advisory_xact_lock(4317); " + schema + "; COMMIT;");
    }
    users.idle.add(connection);
    return users;
  }

  /** A parent that nobody records, and so nothing below it: the agent would make a trace of what creates the tables. */
  private static Span untraced() {
    String traceId = TraceId.fromLongs(1, 1);
    String spanId = SpanId.fromLong(1);
    return Span.wrap(SpanContext.create(traceId, spanId, TraceFlags.getDefault(), TraceState.getDefault()));
  }

  User get(String idText) throws SQLException, UserNotFoundException {
    Span span = tracer.spanBuilder("get-user").startSpan();
    try (Scope ignored = span.makeCurrent()) {
      if (isSlow) sleep();
      int id = parseId(idText);
      span.setAttribute("user.id", id);
      User user = read(id, idText);
      span.setAttribute("user.plan", user.plan());
      return user;
    } catch (UserNotFoundException e) {
      span.addEvent("not-found", Attributes.of(AttributeKey.stringKey("user.id"), idText));
      throw e;
    } catch (SQLException e) {
      span.recordException(e).setStatus(StatusCode.ERROR, e.getMessage());
      throw e;
    } finally {
      span.end();
    }
  }

  private User read(int id, String idText) throws SQLException, UserNotFoundException {
    Connection pooled = idle.poll();
    Connection connection = pooled == null ? connect() : pooled;
    try {
      User user = selectUser(connection, id);
      if (user == null) throw new UserNotFoundException(idText);
      return user.plan().equals("business") ? user.withCreditLimit(selectCreditLimit(connection, id)) : user;
    } finally {
      // One that broke is not used again.
      if (!connection.isClosed()) idle.add(connection);
    }
  }

  private static User selectUser(Connection connection, int id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_USER)) {
      statement.setInt(1, id);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) return null;
        return new User(row.getInt(1), row.getString(2), row.getString(3), row.getString(4), null);
      }
    }
  }

  private static int selectCreditLimit(Connection connection, int id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_CREDIT_LIMIT)) {
      statement.setInt(1, id);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, properties);
  }

  private static int parseId(String text) throws UserNotFoundException {
    try {
      int id = Integer.parseInt(text);
      if (id > 0) return id;
    } catch (NumberFormatException e) {
      // It is none, so nobody has it.
    }
    throw new UserNotFoundException(text);
  }

  private static void sleep() {
    try {
      Thread.sleep(SLOW_INSTANCE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}

package almanac.bench;

/** Starts and ends: what Java takes by itself. */
final class Empty {
  private Empty() {}

  public static void main(String[] arguments) {}
}

package dev.clusterctl.mysql;

/**
 * Transaction numbers from one to another, both included.
 *
 * @param first 1 or more
 * @param last not less than {@code first}, and less than {@link Long#MAX_VALUE}
 */
record Interval(long first, long last) {

  long count() {
    return last - first + 1;
  }

  @Override
  public String toString() {
    return first == last ? Long.toString(first) : first + "-" + last;
  }
}

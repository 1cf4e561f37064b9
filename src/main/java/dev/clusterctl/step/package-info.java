/**
 * Steps, plans and their executor: ordering, parallelism, cancellation, events. Knows nothing of
 * MySQL or SSH.
 */
@NullMarked
package dev.clusterctl.step;

import org.jspecify.annotations.NullMarked;

/** Waiting for a condition with a deadline. Knows nothing of what is waited for. */
@NullMarked
package dev.clusterctl.waiting;

import org.jspecify.annotations.NullMarked;

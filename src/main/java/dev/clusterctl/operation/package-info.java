/** The verbs: up, down, status, failover test. Each reads as the story of what it does. */
@NullMarked
package dev.clusterctl.operation;

import org.jspecify.annotations.NullMarked;

/** Pure functions from a topology to files: no I/O, no clock, no randomness. */
@NullMarked
package dev.clusterctl.render;

import org.jspecify.annotations.NullMarked;

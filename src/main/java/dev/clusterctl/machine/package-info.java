/** Where machines come from: Docker, or hosts that exist already. */
@NullMarked
package dev.clusterctl.machine;

import org.jspecify.annotations.NullMarked;

/** Package files: from the web or a directory, verified, kept in a cache, pinned. */
@NullMarked
package dev.clusterctl.download;

import org.jspecify.annotations.NullMarked;

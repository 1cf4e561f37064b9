/**
 * SQL dumps: read without holding more than a statement, looked through for what a group can't
 * take, changed where the user asks for it, and run so that an interrupted load can go on.
 */
@NullMarked
package dev.clusterctl.load;

import org.jspecify.annotations.NullMarked;

/** One machine over SSH: run, put, tunnel. The only room that knows JSch. */
@NullMarked
package dev.clusterctl.remote;

import org.jspecify.annotations.NullMarked;

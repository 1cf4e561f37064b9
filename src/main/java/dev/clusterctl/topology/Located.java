package dev.clusterctl.topology;

/** A value and where the file says it. */
record Located<T>(T value, Position at) {}

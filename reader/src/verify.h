// Every rule of the format that opening a namespace does not need.
#pragma once

namespace almanac::internal {

class SnapshotData;

// Reads the whole snapshot, and checks every digest and every rule. Throws Error as Snapshot::in() does.
void verify(const SnapshotData& snapshot);

}  // namespace almanac::internal

// What opening a namespace leaves unchecked: that rows are as many as it says, within their limits and in order, the perfect
// hash, control characters in texts, numbers of sets and labels; and the encoding of what the rules about callers match.
#pragma once

namespace almanac::internal {

class SnapshotData;

// Reads the whole snapshot, and checks every digest and these rules. Throws Error as Snapshot::in() does.
void verify(const SnapshotData& snapshot);

}  // namespace almanac::internal

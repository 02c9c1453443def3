using UdsBroker.Protocol;

namespace UdsBroker.Client;

// What happens at the bounds. Everything here runs under the lock, on the reading thread, and only when a reader is behind the writer.
internal sealed partial class RunQueue
{
    /// <summary>From here on everything is accepted, because the broker has a bound of its own.</summary>
    public void LiftBounds()
    {
        lock (_gate) _isUnbounded = true;
    }

    private bool IsOver(long bytes, long messages) => !_isUnbounded && (_bytes + bytes > maxBytes || _messages + messages > maxMessages);

    /// <summary>
    /// Before a run is added, for the policies that drop arriving messages: cuts it to what fits and returns the number cut off. One
    /// message always fits an empty queue.
    /// </summary>
    private long Admit(ref RunEntry entry)
    {
        if (policy == SlowReaderPolicy.DropOldest || !IsOver(entry.Length, entry.Count)) return 0;
        if (policy == SlowReaderPolicy.End)
        {
            entry.Count = 0;
            return -1;
        }

        int fitting = CountFitting(entry);
        int dropped = entry.Count - fitting;
        if (fitting > 0) entry.KeepFirst(fitting);
        else entry.Count = 0;
        return dropped;
    }

    private int CountFitting(in RunEntry entry)
    {
        ReadOnlySpan<byte> frames = entry.Frames;
        int count = 0, length = 0;
        while (count < entry.Count)
        {
            FrameScanner.Scan(frames[length..], Limits.Ceiling, out FrameHead head);
            bool isAlone = _messages == 0 && count == 0;
            if (!isAlone && IsOver(length + head.Length, count + 1)) break;
            length += head.Length;
            count++;
        }

        return count;
    }

    /// <summary>
    /// After a run was added: drops the oldest messages until the bounds hold or one message is left, and records the gap before what
    /// remains.
    /// </summary>
    private long DropOldest()
    {
        if (!IsOver(0, 0) || _messages <= 1) return 0;
        long dropped = 0;
        while (IsOver(0, 0) && _messages > 1)
        {
            ref RunEntry oldest = ref _entries[_first];
            int drop = CountToDrop(oldest);
            ulong gap = oldest.MissedBefore + (ulong)drop;
            dropped += drop;
            if (drop == oldest.Count)
            {
                _bytes -= oldest.Length;
                _messages -= drop;
                oldest.Buffer.Release();
                oldest = default;
                _first++;
                _entries[_first].MissedBefore += gap;
            }
            else
            {
                int before = oldest.Length;
                oldest.DropFirst(drop);
                oldest.MissedBefore = gap;
                _bytes -= before - oldest.Length;
                _messages -= drop;
            }
        }

        _missedTotal += (ulong)dropped;
        return dropped;
    }

    /// <summary>How many messages of the oldest run must go: all of it when the bounds are still exceeded without it, else just enough.</summary>
    private int CountToDrop(in RunEntry oldest)
    {
        if (IsOver(-oldest.Length, -oldest.Count) && _messages > oldest.Count) return oldest.Count;
        ReadOnlySpan<byte> frames = oldest.Frames;
        int count = 0, length = 0;
        int max = _messages == oldest.Count ? oldest.Count - 1 : oldest.Count;
        while (count < max && IsOver(-length, -count))
        {
            FrameScanner.Scan(frames[length..], Limits.Ceiling, out FrameHead head);
            length += head.Length;
            count++;
        }

        return count;
    }

    /// <summary>Records a gap behind everything that is queued.</summary>
    private void AddMissed(long count)
    {
        _missedNext += (ulong)count;
        _missedTotal += (ulong)count;
    }
}

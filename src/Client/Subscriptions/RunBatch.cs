using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// The runs that a reader has taken out of its queue in one go, and how far it has read them. Only the reader touches it. The reading
/// thread has checked the frames; here each is scanned again to find its parts, which costs a few loads and allows one queue entry per run.
/// </summary>
internal sealed class RunBatch
{
    public RunEntry[] Entries = new RunEntry[4];
    public int First;
    public int End;
    private int _at;
    private int _read;

    /// <summary>Messages not read yet.</summary>
    public long Messages { get; set; }

    /// <summary>The bytes of their frames.</summary>
    public long Bytes { get; set; }

    /// <summary>Changes with each use, so that a handle of an earlier use is noticed.</summary>
    public int Version { get; set; }

    /// <summary>Goes to the next message and releases the buffers of finished runs; false when all are read.</summary>
    public bool TryNext(out ReadOnlySpan<byte> frame, out FrameHead head, out MessageOrigin origin)
    {
        while (First < End)
        {
            ref RunEntry entry = ref Entries[First];
            if (_read < entry.Count)
            {
                ReadOnlySpan<byte> rest = entry.Frames[_at..];
                FrameScanner.Scan(rest, Limits.Ceiling, out head);
                frame = rest[..head.Length];
                origin = entry.Origin(isFirst: _read == 0);
                _at += head.Length;
                _read++;
                Messages--;
                Bytes -= head.Length;
                return true;
            }

            Finish(ref entry);
        }

        frame = default;
        (head, origin) = (default, default);
        return false;
    }

    /// <summary>Releases the buffer of a run whose last message has been read and copied.</summary>
    public void FinishRead()
    {
        if (First < End && _read == Entries[First].Count) Finish(ref Entries[First]);
    }

    /// <summary>Removes what was read from the first entry, so that a batch that is handed out begins with an unread message.</summary>
    public void TrimRead()
    {
        while (First < End && _read == Entries[First].Count) Finish(ref Entries[First]);
        if (_read == 0 || First == End) return;
        ref RunEntry entry = ref Entries[First];
        entry.Offset += _at;
        entry.Length -= _at;
        entry.Count -= _read;
        entry.MissedBefore = 0;
        (_at, _read) = (0, 0);
    }

    /// <summary>Releases everything that is left.</summary>
    public void Clear()
    {
        while (First < End) Finish(ref Entries[First]);
        (First, End) = (0, 0);
        (Messages, Bytes) = (0, 0);
    }

    private void Finish(ref RunEntry entry)
    {
        entry.Buffer.Release();
        entry = default;
        First++;
        (_at, _read) = (0, 0);
    }
}

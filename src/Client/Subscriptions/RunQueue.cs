using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// What waits for the reader of one subscription: a bounded queue of runs with one writer, the reading thread, and one reader. The writer never waits:
/// what exceeds the bounds is dropped by the subscription's policy, counted, and recorded as a gap at its place. The reader takes
/// everything at once, so that a busy reader costs one lock per batch and not per message.
/// <para>Small runs are copied into blocks of the queue's own, where neighbours become one entry: a few bytes that wait never pin a large
/// receive buffer, and many small arrivals cost no more than one large one.</para>
/// </summary>
internal sealed partial class RunQueue(long maxBytes, long maxMessages, SlowReaderPolicy policy, bool isOfService = false)
{
    private readonly Lock _gate = new();
    private RunEntry[] _entries = new RunEntry[4];
    private int _first;
    private int _end;
    private long _bytes;
    private long _messages;
    private ulong _missedNext;
    private ulong _missedTotal;
    private ulong _expiredTotal;
    private bool _isComplete;
    private bool _isUnbounded;
    private Exception? _fault;
    private ReceiveBuffer? _block;
    private int _blockUsed;

    /// <summary>All messages known to be dropped since the queue was made.</summary>
    public ulong MissedTotal
    {
        get
        {
            lock (_gate) return _missedTotal;
        }
    }

    /// <summary>How many of them because they had expired.</summary>
    public ulong ExpiredTotal
    {
        get
        {
            lock (_gate) return _expiredTotal;
        }
    }

    /// <summary>The messages and bytes that wait.</summary>
    public (long Messages, long Bytes) Waiting
    {
        get
        {
            lock (_gate) return (_messages, _bytes);
        }
    }

    /// <summary>Adds whole frames that lie in a receive buffer.</summary>
    /// <returns>
    /// How many messages had to be dropped for it; -1 when the policy is <see cref="SlowReaderPolicy.End"/> and the subscription has to
    /// end.
    /// </returns>
    public long Add(ReceiveBuffer source, int offset, int length, int count, Guid sender, DeliverFlags flags = DeliverFlags.None)
    {
        bool isCopied = length < source.Capacity / 4;
        ReceiveBuffer? block = isCopied ? Interlocked.Exchange(ref _block, null) : null;
        RunEntry entry = isCopied ? CopyToBlock(ref block, source, offset, length) : Pin(source, offset, length);
        entry.Count = count;
        entry.Sender = sender;
        entry.Flags = flags;
        bool wake;
        long dropped;
        lock (_gate)
        {
            dropped = _isComplete ? 0 : Admit(ref entry);
            if (entry.Count > 0 && !_isComplete && !TryMerge(entry)) Append(entry);
            else entry.Buffer.Release();
            if (dropped > 0) AddMissed(dropped);
            if (policy == SlowReaderPolicy.DropOldest) dropped += DropOldest();
            if (_isComplete) block?.Release();
            else if (isCopied) _block = block;
            wake = _end > _first && TryWake();
        }

        if (wake) CompleteWait(hasMore: true, error: null);
        return dropped;
    }

    /// <summary>The broker dropped messages at this place, some of them because they had expired.</summary>
    public void AddGap(ulong count, ulong expired = 0)
    {
        lock (_gate)
        {
            _missedNext += count;
            _missedTotal += count;
            _expiredTotal += expired;
        }
    }

    /// <summary>Gives the reader everything that waits.</summary>
    /// <param name="batch">An empty batch of the reader.</param>
    public bool TryTake(RunBatch batch)
    {
        lock (_gate)
        {
            if (_first == _end) return false;
            (batch.Entries, _entries) = (_entries, batch.Entries);
            (batch.First, batch.End, batch.Messages, batch.Bytes) = (_first, _end, _messages, _bytes);
            (_first, _end, _bytes, _messages) = (0, 0, 0, 0);
            return true;
        }
    }

    /// <summary>Nothing will be added any more. What waits can still be read; then the reader finds the end, or the fault.</summary>
    public void Complete(Exception? fault = null)
    {
        bool wake;
        lock (_gate)
        {
            if (_isComplete) return;
            _isComplete = true;
            _fault = fault;
            Interlocked.Exchange(ref _block, null)?.Release();
            wake = TryWake();
        }

        if (wake) CompleteWait(_first < _end);
    }

    /// <summary>Releases everything that waits, and gives the number of messages.</summary>
    public long Clear()
    {
        RunBatch batch = new();
        if (!TryTake(batch)) return 0;
        long messages = batch.Messages;
        batch.Clear();
        return messages;
    }

    private static RunEntry Pin(ReceiveBuffer source, int offset, int length)
    {
        source.AddReference();
        return new RunEntry { Buffer = source, Offset = offset, Length = length };
    }

    /// <summary>
    /// Copies without the lock: the reading thread has taken the block out of its field, so that the end of the queue does not release it meanwhile.
    /// </summary>
    private RunEntry CopyToBlock(ref ReceiveBuffer? block, ReceiveBuffer source, int offset, int length)
    {
        if (block is not null && _blockUsed > 0 && block.IsUnshared) _blockUsed = 0;
        if (block is null || block.Capacity - _blockUsed < length)
        {
            block?.Release();
            block = ReceiveBufferPool.TakeForCopies(length);
            _blockUsed = 0;
        }

        Buffer.BlockCopy(source.Bytes, offset, block.Bytes, _blockUsed, length);
        RunEntry entry = Pin(block, _blockUsed, length);
        _blockUsed += length;
        return entry;
    }

    private bool TryMerge(in RunEntry entry)
    {
        if (_end == _first || _missedNext > 0) return false;
        ref RunEntry last = ref _entries[_end - 1];
        if (!ReferenceEquals(last.Buffer, entry.Buffer) || last.Offset + last.Length != entry.Offset || last.Sender != entry.Sender || last.Flags != entry.Flags) return false;
        last.Length += entry.Length;
        last.Count += entry.Count;
        _bytes += entry.Length;
        _messages += entry.Count;
        return true;
    }

    private void Append(RunEntry entry)
    {
        if (_end == _entries.Length) MakeRoom();
        entry.MissedBefore = _missedNext;
        _missedNext = 0;
        _entries[_end++] = entry;
        _bytes += entry.Length;
        _messages += entry.Count;
    }

    private void MakeRoom()
    {
        int live = _end - _first;
        RunEntry[] target = live > _entries.Length / 2 ? new RunEntry[_entries.Length * 2] : _entries;
        Array.Copy(_entries, _first, target, 0, live);
        if (ReferenceEquals(target, _entries)) Array.Clear(target, live, _end - live);
        (_entries, _first, _end) = (target, 0, live);
    }
}

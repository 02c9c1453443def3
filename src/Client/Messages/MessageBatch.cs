using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Messages of one subscription in the memory they were received in: the fastest way to read, without allocation or copy per message.
/// <code>
/// while (await subscription.WaitToReadAsync(cancellationToken))
///     while (subscription.TryReadBatch(out MessageBatch batch))
///         using (batch)
///             foreach (MessageView message in batch) …
/// </code>
/// Dispose it when done: only then its memory goes back and, with credit, new messages are asked for. A subscription hands out one batch at a time. A
/// batch that was disposed, or whose subscription was, must not be used; a stale handle throws <see cref="ObjectDisposedException"/>.
/// </summary>
public readonly struct MessageBatch : IDisposable
{
    private readonly Subscription? _subscription;
    private readonly int _version;

    internal MessageBatch(Subscription subscription, long count, int version)
    {
        _subscription = subscription;
        Count = count;
        _version = version;
    }

    /// <summary>How many messages it holds.</summary>
    public long Count { get; }

    /// <summary>The messages in their order; can be walked more than once until the batch is disposed.</summary>
    public Enumerator GetEnumerator() => _subscription is null ? default : new Enumerator(_subscription, _subscription.Lease(_version));

    /// <summary>Gives the memory back. A second call does nothing.</summary>
    public void Dispose() => _subscription?.EndLease(_version);

    /// <summary>Walks the messages of a batch.</summary>
    public ref struct Enumerator
    {
        private readonly Subscription _subscription;
        private readonly ReadOnlySpan<RunEntry> _entries;
        private ReadOnlySpan<byte> _rest;
        private ReadOnlySpan<byte> _frame;
        private FrameHead _head;
        private int _entry;
        private bool _isFirst;

        internal Enumerator(Subscription subscription, RunBatch batch)
        {
            _subscription = subscription;
            _entries = batch.Entries.AsSpan(batch.First, batch.End - batch.First);
            _entry = -1;
        }

        /// <summary>The message it stands on.</summary>
        public readonly MessageView Current
        {
            get
            {
                ref readonly RunEntry entry = ref _entries[_entry];
                return new MessageView(_frame, _head, entry.Origin(_isFirst), _subscription);
            }
        }

        /// <summary>Goes to the next message; false at the end.</summary>
        public bool MoveNext()
        {
            _isFirst = false;
            if (_rest.IsEmpty)
            {
                if (_entry + 1 >= _entries.Length) return false;
                _rest = _entries[++_entry].Frames;
                _isFirst = true;
            }

            FrameScanner.Scan(_rest, Limits.Ceiling, out _head);
            _frame = _rest[.._head.Length];
            _rest = _rest[_head.Length..];
            return true;
        }
    }
}

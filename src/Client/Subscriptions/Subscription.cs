using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A registered pattern and the messages that come for it. Read it with <c>await foreach</c>, with <see cref="WaitToReadAsync"/> and <see cref="TryRead"/>, or,
/// fastest, with <see cref="WaitToReadAsync"/> and <see cref="TryReadBatch"/>; the three may be mixed, by one reader at a time. It survives reconnects: the client
/// subscribes again under the same number, and messages published in between are not received. Dispose it, or its client, to end it.
/// <para>All members but the reading ones may be called from any thread.</para>
/// </summary>
public sealed partial class Subscription : IAsyncEnumerable<Message>, IAsyncDisposable
{
    private readonly RunQueue _queue;
    private readonly CreditWindow? _credit;
    private readonly Lock _creditGate = new();
    private long _messagesLeft;
    private readonly Lock _missedGate = new();
    private Gap _unreportedGap;
    private bool _isMissedQueued;

    internal Subscription(UdsBrokerClient client, uint sid, SubjectPattern pattern, string text, SubscriptionOptions options, UdsBrokerOptions defaults)
    {
        Client = client;
        Sid = sid;
        PatternBytes = pattern;
        Pattern = text;
        Options = options;
        long maxBytes = options.PendingBytes ?? defaults.SubscriptionPendingBytes;
        int maxMessages = options.PendingMessages ?? defaults.SubscriptionPendingMessages;
        int credit = options.Credit ?? Math.Min(defaults.SubscriptionCredit, maxMessages);
        if (credit > 0)
        {
            _credit = new CreditWindow(credit, maxBytes);
            maxBytes *= 4;
            maxMessages = Math.Max(maxMessages, credit);
        }

        _queue = new RunQueue(maxBytes, maxMessages, options.WhenFull, options.IsOfService);
        _messagesLeft = options.MaxMessages ?? long.MaxValue;
    }

    /// <summary>The client it belongs to.</summary>
    public UdsBrokerClient Client { get; }

    /// <summary>What it was made for.</summary>
    public string Pattern { get; }

    /// <summary>The number by which this connection and the broker call it.</summary>
    public uint Sid { get; }

    /// <summary>How it was made.</summary>
    public SubscriptionOptions Options { get; }

    /// <summary>
    /// How many messages are known to have been dropped for it, by the broker or by this client; <see cref="Message.MissedBefore"/> reports
    /// them at their place.
    /// </summary>
    public ulong MissedCount => _queue.MissedTotal;

    /// <summary>How many of the missed messages the broker dropped because they had expired (<c>Udsb-Expires</c>).</summary>
    public ulong ExpiredCount => _queue.ExpiredTotal;

    /// <summary>How many messages wait in this client for the reader, without those of a <see cref="MessageBatch"/> in its hands.</summary>
    public long PendingMessages => _queue.Waiting.Messages + (_isLeased ? 0 : _batch.Messages);

    /// <summary>How many bytes of frames wait in this client for the reader, without those of a <see cref="MessageBatch"/> in its hands.</summary>
    public long PendingBytes => _queue.Waiting.Bytes + (_isLeased ? 0 : _batch.Bytes);

    /// <summary>
    /// Messages were dropped. Raised on the thread pool, one call at a time, soon after the fact; several gaps of one origin may come as one call.
    /// <see cref="Message.MissedBefore"/> has the place of each gap.
    /// </summary>
    public event Action<MissedEvent>? Missed;

    internal SubjectPattern PatternBytes { get; }

    /// <summary>Set when the broker refused it.</summary>
    internal SubscriptionRefusedException? Refusal { get; private set; }

    /// <summary>Whether <see cref="UdsBrokerClient.SubscribeAsync"/> has handed it to its user.</summary>
    internal bool IsActive { get; set; }

    /// <summary>Completes when the reader has come to the end, or will not because the subscription was disposed.</summary>
    internal Task Finished => _queue.Finished;

    /// <summary>How many messages the reader has not taken yet.</summary>
    internal long Unread => _queue.Waiting.Messages + _batch.Messages;

    /// <summary>On the reading thread: messages have come.</summary>
    internal void Deliver(ReceiveBuffer buffer, int offset, int length, int count, Guid sender, DeliverFlags flags = DeliverFlags.None)
    {
        long left = Interlocked.Read(ref _messagesLeft);
        bool isLast = count >= left;
        if (isLast) CutToLimit(buffer.Bytes.AsSpan(offset, length), left, ref length, ref count);
        else if (left != long.MaxValue) Interlocked.Add(ref _messagesLeft, -count);
        if (count == 0) return;
        if (_credit is not null)
        {
            lock (_creditGate) _credit.OnReceived(count, length);
        }

        long dropped = _queue.Add(buffer, offset, length, count, sender, flags);
        if (dropped != 0) OnDropped(dropped);
        if (isLast) Client.Retire(this, tellBroker: true);
    }

    /// <summary>On the reading thread: the broker has dropped messages at this place.</summary>
    internal void DeliverGap(ulong count, ulong expired)
    {
        _queue.AddGap(count, expired);
        RaiseMissedSoon(new Gap(count, expired, ByClient: 0));
        long left = Interlocked.Read(ref _messagesLeft);
        if (left == long.MaxValue) return;
        long after = Math.Max(0, left - (long)Math.Min(count, long.MaxValue));
        Interlocked.Exchange(ref _messagesLeft, after);
        if (after == 0) Client.Retire(this, tellBroker: true);
    }

    /// <summary>The broker refuses it, now or when it was made again on a new connection.</summary>
    internal void Refuse(ErrorCode code, string message)
    {
        Refusal = new SubscriptionRefusedException(Pattern, code, message);
        _queue.Complete(Refusal);
        FailDrain(Refusal);
    }

    /// <summary>Nothing more will come; what waits can still be read.</summary>
    internal void End(Exception? fault)
    {
        _queue.Complete(fault);
        _drained.TrySetResult();
    }

    /// <summary>What SUBSCRIBE must say on a new connection.</summary>
    internal SubscribeCommand ToCommand()
    {
        ulong? credit = null;
        if (Options.BeginsAnew && _queue.Clear() is > 0 and long forgotten) CreditFor(forgotten);
        if (_credit is not null)
        {
            lock (_creditGate) credit = (ulong)_credit.Start();
        }

        return new SubscribeCommand(Sid, PatternBytes.Utf8, new SubscribeOptions
        {
            Queue = Options.Queue,
            Credit = credit,
            Overflow = Options.Overflow,
            PendingBytes = (ulong?)Options.BrokerPendingBytes,
            Retained = Options.Retained ? null : false,
        });
    }

    /// <summary>How many messages it still wants, when that is limited.</summary>
    internal ulong? MessagesLeft => Interlocked.Read(ref _messagesLeft) is var left && left == long.MaxValue ? null : (ulong)left;

    private void CutToLimit(ReadOnlySpan<byte> frames, long left, ref int length, ref int count)
    {
        Interlocked.Exchange(ref _messagesLeft, 0);
        if (count == left) return;
        count = (int)left;
        length = count == 0 ? 0 : FrameScanner.SkipFrames(frames, Limits.Ceiling, count);
    }

    private void OnDropped(long dropped)
    {
        if (dropped < 0)
        {
            (long messages, long bytes) = _queue.Waiting;
            Client.Retire(this, tellBroker: true, new SlowReaderException(Pattern, bytes, messages));
            return;
        }

        ReportRead(dropped);
        RaiseMissedSoon(new Gap(0, 0, (ulong)dropped));
    }

    private void RaiseMissedSoon(Gap gap)
    {
        if (Missed is null) return;
        bool isQueued;
        lock (_missedGate)
        {
            (isQueued, _isMissedQueued) = (_isMissedQueued, true);
            _unreportedGap = new Gap(_unreportedGap.ByBroker + gap.ByBroker, _unreportedGap.Expired + gap.Expired, _unreportedGap.ByClient + gap.ByClient);
        }

        if (!isQueued) Client.Raise(RaiseMissed, forgotten: ForgetMissed);
    }

    /// <summary>The event was dropped because the handlers are too far behind: the next one also reports its gaps.</summary>
    private void ForgetMissed()
    {
        lock (_missedGate) _isMissedQueued = false;
    }

    private void RaiseMissed()
    {
        Gap gap;
        lock (_missedGate) (gap, _unreportedGap, _isMissedQueued) = (_unreportedGap, default, false);
        if (gap.ByBroker > 0) Missed?.Invoke(new MissedEvent(this, gap.ByBroker, ByBroker: true, gap.Expired));
        if (gap.ByClient > 0) Missed?.Invoke(new MissedEvent(this, gap.ByClient, ByBroker: false));
    }

    private readonly record struct Gap(ulong ByBroker, ulong Expired, ulong ByClient);
}

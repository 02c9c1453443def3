using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>One connection of a <see cref="CoreBroker"/>: does what its actor and its stages do, when the test says so.</summary>
internal sealed class CoreConnection : IOutboxOwner
{
    internal static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(2);

    private readonly CoreBroker _broker;
    private readonly PublisherTurns _turns;
    private readonly Queue<byte[]> _arriving = new();
    private readonly List<Subscription> _ended = [];
    private List<ArraySegment<byte>>? _batch;
    private bool _isConsuming;
    private bool _isReadingOver;

    internal CoreConnection(CoreBroker broker, Guid id, PeerAccess access, ConnectionShare share)
    {
        _broker = broker;
        Id = id;
        Share = share;
        Client = new CoreClient(id) { Place = BitConverter.ToInt32(id.ToByteArray()) };
        Account = new PublisherAccount(id, access, broker.Traffic);
        Outbox = new Outbox(broker.OutboxLimits, broker.Pool, broker.Clock, Socket, this, broker.Traffic, share);
        Session = new Session(new SessionContext(Client, broker.Limits, broker.Bound, access) { User = share.User, Traffic = broker.Traffic }, Outbox);
        Router = new InboundRouter(broker.Table, Account, Outbox, broker.Kept, broker.Limits, share.User.Routes);
        Buffer = new InboundBuffer(broker.Pool, share.Memory);
        if (broker.OutboxLimits.MaxPacket != int.MaxValue) Socket.Packets = [];
        _turns = new PublisherTurns(Router, Outbox, StallTimeout, () => OnGateOpen);
    }

    internal Guid Id { get; }

    internal CoreClient Client { get; }

    /// <summary>What it takes of its user's share.</summary>
    internal ConnectionShare Share { get; }

    internal FakeSocket Socket { get; } = new();

    internal PublisherAccount Account { get; }

    internal Outbox Outbox { get; }

    internal Session Session { get; }

    internal InboundRouter Router { get; }

    internal InboundBuffer Buffer { get; }

    internal bool IsClosed { get; private set; }

    internal bool IsWriterNeeded { get; private set; }

    /// <summary>True when the last frame has left.</summary>
    internal bool IsDrained { get; private set; }

    internal List<Ending> Endings { get; } = [];

    /// <summary>Told after each turn of the router how many bytes it has consumed in all, before their control frames take effect.</summary>
    internal Action<long>? Consumed { get; set; }

    /// <summary>Told when control frames are in force, before they are confirmed: those of HELLO before WELCOME.</summary>
    internal Action? InForce { get; set; }

    /// <summary>Told of each subscription that begins.</summary>
    internal Action<Subscription>? Begun { get; set; }

    internal bool IsHeldBack => Router.IsHeldBack;

    /// <summary>True when nothing that the peer sent waits to be processed.</summary>
    internal bool HasReadAll => _arriving.Count == 0 && _turns.HasReadAll;

    /// <summary>The peer sends; whatever may be read is read, in pieces no larger than the free space.</summary>
    internal void Send(params IEnumerable<byte[]> pieces)
    {
        foreach (var piece in pieces) _arriving.Enqueue(piece);
        Read();
    }

    /// <summary>The subscription that was made last.</summary>
    internal Subscription? LastSubscription { get; private set; }

    internal string Log() => Received.Parse(Socket.TakeReceived()).Log;

    /// <summary>The writer runs until the kernel is full or nothing is left.</summary>
    internal void Write()
    {
        while (BeginWrite() && EndWrite() > 0)
        {
        }
    }

    /// <summary>The writer takes a batch; false when there is nothing to send.</summary>
    internal bool BeginWrite()
    {
        IsWriterNeeded = false;
        return (_batch ??= Outbox.NextBatch()) is not null;
    }

    /// <summary>The kernel takes what it can of the batch.</summary>
    internal int EndWrite()
    {
        if (_batch is not { } batch) return 0;
        _batch = null;
        var outcome = Socket.TrySend(batch, out var sent);
        Outbox.WriterSent(sent);
        IsWriterNeeded = true;
        if (outcome == SendOutcome.Gone) PeerGone();
        return sent;
    }

    /// <summary>The stall timeout of the publisher passes, check by check.</summary>
    internal void StallTimer()
    {
        for (var check = 0; check < StallWatch.Checks; check++) CheckForStall(_turns.CheckInterval);
    }

    /// <summary>The publisher checks once for stalled subscriptions, this long after the last check.</summary>
    internal void CheckForStall(TimeSpan elapsed) => _turns.Check(elapsed);

    /// <summary>The connection's actor stops.</summary>
    internal void Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        _turns.End();
        ConnectionEnd.Close(Outbox, _broker.Table, () =>
        {
            EndWrite();
            ReassignLeftovers();
        });
        Session.EndAll();
        _broker.Apply(Session.TakeChanges());
        Buffer.Release();
        _broker.Users.Return(Share.User);
        StopReading();
    }

    /// <summary>The connection's actor says goodbye: nothing more is read, and what is queued leaves.</summary>
    internal void SayGoodbye(CloseReason reason)
    {
        StopReading();
        ConnectionEnd.SayGoodbye(Outbox, new Ending(reason, "goodbye"), _broker.Table, ReassignLeftovers);
    }

    /// <summary>Nothing more is read from the peer.</summary>
    internal void StopReading()
    {
        _isReadingOver = true;
        _arriving.Clear();
    }

    /// <summary>The access rules have changed.</summary>
    internal void ApplyAccess()
    {
        Session.ApplyAccess();
        _broker.Apply(Session.TakeChanges());
    }

    /// <summary>Applies the ends of subscriptions that were told meanwhile, as the actor does when it gets to them.</summary>
    internal void HandleEnded()
    {
        foreach (var subscription in _ended) Session.Ended(subscription);
        _ended.Clear();
        _broker.Apply(Session.TakeChanges());
    }

    public void WriterNeeded(bool isFull) => IsWriterNeeded = true;

    public void Drained()
    {
        Assert.False(IsDrained);
        IsDrained = true;
    }

    public void Faulted(Exception cause) => throw new InvalidOperationException("an outbox has faulted", cause);

    public void PeerGone() => Endings.Add(new Ending(CloseReason.PeerGone, ""));

    public void SubscriptionEnded(Subscription subscription) => _ended.Add(subscription);

    public void SlowConsumer(Subscription subscription) => Endings.Add(new Ending(CloseReason.SlowConsumer, ""));

    /// <summary>Reassigns the leftovers of the connection.</summary>
    internal void ReassignLeftovers()
    {
        var leftovers = Outbox.TakeLeftovers();
        foreach (var parcel in leftovers.SelectMany(l => l.Parcels)) _broker.RecordLeftBehind(parcel.Run);
        new Reassignment(_broker.Table, _broker.Limits).Reassign(Outbox, leftovers);
    }

    private void Read()
    {
        if (_isConsuming) return;
        _isConsuming = true;
        while (!_isReadingOver && TakeNextStep())
        {
        }

        _isConsuming = false;
    }

    // One step of the publisher's stage; false when it waits.
    private bool TakeNextStep()
    {
        var step = _turns.Next();
        Consumed?.Invoke(Buffer.Consumed);
        switch (step)
        {
            case PublisherStep.Read:
                if (Receive()) return true;
                Buffer.ReleaseIfEmpty();
                return false;
            case PublisherStep.Handle:
                Handle(_turns.Control!);
                _turns.Handled();
                return true;
            case PublisherStep.Refuse:
                Endings.Add(Router.Refused!);
                return false;
            default:
                return false;
        }
    }

    private bool Receive()
    {
        if (!_arriving.TryDequeue(out var piece)) return false;
        var free = Buffer.FreeSpace().Span;
        Assert.NotEqual(0, free.Length);
        var part = Math.Min(free.Length, piece.Length);
        piece.AsSpan(0, part).CopyTo(free);
        Buffer.Filled(part);
        _turns.Arrived(Buffer);
        if (part == piece.Length) return true;
        var rest = new[] { piece[part..] }.Concat(_arriving).ToArray();
        _arriving.Clear();
        foreach (var later in rest) _arriving.Enqueue(later);
        return true;
    }

    private void Handle(ControlFrames control)
    {
        foreach (var (kind, bytes) in control.Frames) Session.Handle(kind, bytes);
        ReassignLeftovers();
        var changes = Session.TakeChanges();
        _broker.Apply(changes);
        foreach (var change in changes.Where(change => change.Begins))
        {
            LastSubscription = change.Subscription;
            Begun?.Invoke(change.Subscription);
        }

        InForce?.Invoke();
        Session.SendWelcome();
        if (Session.Ending is { } ending) Endings.Add(ending);
    }

    // Called under the lock of another connection's outbox, as in the broker; going on is a step of its own.
    private void OnGateOpen() => _turns.GateOpened();

    /// <summary>The publisher's stage notices that its gate has opened.</summary>
    internal void Resume() => Read();
}

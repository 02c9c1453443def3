using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The data path of one publishing connection: scan a received buffer, find runs, look up their routes, append them to the recipients'
/// outboxes, and at the end of the buffer let every recipient send once. PING is answered here, because everything that came before it has
/// been routed by then; other control frames are collected for the session.
/// </summary>
/// <remarks>Plain C# without sockets or clocks; used by one stage, and only <see cref="Activity"/> and <see cref="IsHeldBack"/> by
/// others.</remarks>
internal sealed partial class InboundRouter(
    RoutingTable table, PublisherAccount account, Outbox own, KeptMessages kept, Limits limits, MemoryMeter? routes = null)
{
    private readonly SubjectCache _cache = new(table, limits, TokenHash.Of(account.Sender, table.Seed), account.Access, routes);
    private readonly List<Outbox> _toFlush = [];
    private ControlFrames? _control;
    private long _activity;
    private long _work;
    private bool _isHeldBack;
    private volatile bool _isOver;

    /// <summary>The subscriptions that this publisher has to wait for before it reads on.</summary>
    internal HoldingSubscriptions Holding { get; } = new();

    /// <summary>Set when the peer broke the protocol; everything after that is ignored.</summary>
    internal Ending? Refused { get; private set; }

    /// <summary>Changes with every received buffer; the connection's keep-alive reads it on its own thread.</summary>
    internal long Activity => Volatile.Read(ref _activity);

    /// <summary>
    /// Changes with every run, every part of an unfinished frame, and every control frame but PING and PONG; tells an idle connection from
    /// one in use.
    /// </summary>
    internal long Work => Volatile.Read(ref _work);

    /// <summary>True while the connection is not read because others have to catch up, so that the peer's silence proves nothing.</summary>
    internal bool IsHeldBack
    {
        get => Volatile.Read(ref _isHeldBack);
        set
        {
            Volatile.Write(ref _isHeldBack, value);
            if (value) account.Traffic.Hit(Limit.OutboundHighWatermark);
        }
    }

    /// <summary>True on a connection of packets, each of which holds whole frames, so that a partial frame is a violation.</summary>
    internal bool IsByPackets { get; init; }

    /// <summary>False until HELLO was seen, which has to come first.</summary>
    internal bool IsGreeted { get; private set; }

    /// <summary>
    /// Consumes whole frames, up to the first PUBLISH or PING after collected control frames, which have to take effect first. HELLO is
    /// returned alone, so that nothing is answered or delivered before WELCOME; everything after GOODBYE or a violation is ignored.
    /// </summary>
    /// <returns>The control frames that the session has to handle before the next call; null when there are none.</returns>
    internal ControlFrames? Consume(InboundBuffer buffer)
    {
        Volatile.Write(ref _activity, _activity + 1);
        _cache.Refresh();
        var consumed = 0;
        try
        {
            consumed = RouteWhole(buffer);
            buffer.Consume(consumed);
        }
        finally
        {
            account.CountInTraffic(consumed);
            foreach (var outbox in _toFlush) outbox.Flush();
            _toFlush.ClearAndTrim();
        }

        var control = _control;
        _control = null;
        return control;
    }

    /// <summary>Ignores everything that comes from now on. Thread-safe; a buffer that is being consumed is finished.</summary>
    internal void End() => _isOver = true;

    /// <summary>Releases the cache of routes, after the connection has ended and its stage has stopped.</summary>
    internal void Release() => _cache.Release();

    // Routes whole frames and returns the bytes to consume.
    private int RouteWhole(InboundBuffer buffer)
    {
        var bytes = buffer.Unread;
        if (_isOver) return bytes.Length;
        var pending = new PendingRun();
        var position = 0;
        while (true)
        {
            var result = FrameScanner.Scan(bytes[position..], limits, out var head);
            if (result != ScanResult.Done)
            {
                Stop(result, head, bytes.Length - position, buffer);
                break;
            }

            if (head.Kind == FrameKind.Publish && IsGreeted && !IsAskingBroker(bytes[position..], head))
            {
                if (_control is not null) break;
                position += Publish(buffer, position, bytes[position..], head, ref pending);
                continue;
            }

            Deliver(buffer, ref pending);
            if (!Control(bytes.Slice(position, head.Length), head)) break;
            position += head.Length;
            if (_control is { Count: ControlFrames.MaxFrames } || head.Kind is FrameKind.Hello or FrameKind.Goodbye) break;
        }

        Deliver(buffer, ref pending);
        return position;
    }

    // Handles a PUBLISH and the rest of its run; returns the bytes to skip.
    private int Publish(InboundBuffer buffer, int position, ReadOnlySpan<byte> bytes, in FrameHead head, ref PendingRun pending)
    {
        var subject = bytes.Slice(head.SubjectStart, head.SubjectLength);
        var route = ReservedSubjects.IsSystem(subject) ? null : _cache.Find(subject);
        int length = head.Length, count = 1;
        FrameScanner.ExtendRun(bytes, head, limits, ref length, ref count, out FrameParts parts);
        if (route is null)
        {
            Deliver(buffer, ref pending);
            RefuseRun(bytes[..length], subject, (parts & FrameParts.Reply) != 0);
            return length;
        }

        if (route.IsInbox) own.Answered(subject);
        if ((parts & FrameParts.Headers) != 0 && Directives.MayBeIn(bytes[..length]))
        {
            Deliver(buffer, ref pending);
            ApplyDirectives(new Run(buffer.Slab, buffer.Start + position, length, (uint)count, account), route);
            return length;
        }

        if ((parts & FrameParts.Reply) != 0)
        {
            Deliver(buffer, ref pending);
            Ask(new Run(buffer.Slab, buffer.Start + position, length, (uint)count, account), route);
            return length;
        }

        if (!ReferenceEquals(route, pending.Route))
        {
            Deliver(buffer, ref pending);
            pending = new PendingRun { Route = route, Start = position };
        }

        pending.Length += length;
        pending.Count += (uint)count;
        return length;
    }

    private void Deliver(InboundBuffer buffer, ref PendingRun pending)
    {
        if (pending.Route is not { } route) return;
        var run = new Run(buffer.Slab, buffer.Start + pending.Start, pending.Length, pending.Count, account);
        account.Routed(pending.Count, route.Deliver(run, limits, Holding, _toFlush, out var reached));
        Volatile.Write(ref _work, _work + 1);
        if (route.IsInbox && reached < run.Count) TellUnreached(run.Tail(reached, FrameCut.LengthOfFirst(run, reached, limits)), route);
        pending = default;
    }

    // False when the frame has to wait for the control frames before it.
    private bool Control(ReadOnlySpan<byte> frame, in FrameHead head)
    {
        if (!IsGreeted)
        {
            if (head.Kind != FrameKind.Hello)
                Refuse(CloseReason.Violation, $"the first frame has to be HELLO, not {head.Kind.ToText()}; see PROTOCOL.md");
            else if (head.Length > limits.MaxHelloBytes) RefuseLongHello(head.Length);
            else IsGreeted = true;
            if (Refused is not null) return false;
        }

        if (head.Kind == FrameKind.Ping)
        {
            if (_control is not null) return false;
            Pong(frame);
        }
        else if (head.Kind == FrameKind.Pong)
        {
            if (!CommandReader.TryReadPong(frame, out ulong _, out _)) Refuse(CloseReason.Violation, "PONG carries an unsigned token");
        }
        else if (head.Kind == FrameKind.Publish) Ask(frame, head);
        else
        {
            (_control ??= new ControlFrames()).Add(head.Kind, frame);
            Volatile.Write(ref _work, _work + 1);
            if (head.Kind == FrameKind.Goodbye) _isOver = true;
        }

        return Refused is null;
    }

    private void Pong(ReadOnlySpan<byte> frame)
    {
        if (!CommandReader.TryReadPing(frame, out var token))
        {
            Refuse(CloseReason.Violation, "PING carries an unsigned token");
            return;
        }

        Span<byte> pong = stackalloc byte[FrameWriter.MaxPongBytes];
        Reply(pong[..FrameWriter.WritePong(pong, token, account.TakeReceipt())]);
    }

    private void Reply(ReadOnlySpan<byte> frame)
    {
        if (own.Append(frame)) _toFlush.Add(own);
    }

    private void Stop(ScanResult result, in FrameHead head, int arrived, InboundBuffer buffer)
    {
        if (result != ScanResult.NeedMore)
        {
            Refuse(result == ScanResult.TooBig ? CloseReason.FrameTooBig : CloseReason.Violation, head.Describe(limits));
            if (LimitKeys.Find(head) is { } limit) account.Traffic.Hit(limit);
        }
        else if (!IsGreeted && arrived > limits.MaxHelloBytes) RefuseLongHello(head.Length);
        else if (IsByPackets && arrived > 0) Refuse(CloseReason.Violation, "a packet ends within a frame; on a seqpacket socket each packet holds whole frames");
        else if (arrived > 0) Volatile.Write(ref _work, _work + 1);
        buffer.Expect(head.Length);
    }

    private void RefuseLongHello(int length)
    {
        Refuse(CloseReason.FrameTooBig, Violations.DescribeLongHello(length, limits));
        account.Traffic.Hit(Limit.LimitsMaxHello);
    }

    private void Refuse(CloseReason reason, string message)
    {
        Refused ??= new Ending(reason, message);
        _isOver = true;
    }

    /// <summary>Frames with one route so far, by their place in the unread bytes.</summary>
    private struct PendingRun
    {
        internal Route? Route;
        internal int Start;
        internal int Length;
        internal uint Count;
    }
}

using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>One thing that a peer was told about its subscriptions: a message, a gap, or the end after a drain.</summary>
/// <param name="Sid">The subscription.</param>
/// <param name="Sender">Who published the message; all zero for a gap.</param>
/// <param name="Frame">The bytes of the message; empty for a gap and an end.</param>
/// <param name="Missed">The size of the gap; 0 for a message and an end.</param>
/// <param name="Expired">How many of a gap had expired.</param>
/// <param name="IsRetained">True for a retained message.</param>
internal sealed record Arrival(uint Sid, Guid Sender, byte[] Frame, ulong Missed, ulong Expired = 0, bool IsRetained = false)
{
    internal bool IsEnd => Missed == 0 && Frame.Length == 0;

    public override string ToString() => IsEnd ? $"{Sid}:end" : Missed > 0
        ? $"{Sid}:missed {Missed}{(Expired > 0 ? $" ({Expired} expired)" : "")}"
        : $"{Sid}:{(IsRetained ? "retained " : "")}{Payload}";

    internal string Payload
    {
        get
        {
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(Frame, Limits.Default, out var head));
            return Encoding.UTF8.GetString(Frame.AsSpan(head.PayloadStart, head.PayloadLength));
        }
    }
}

/// <summary>What a peer received, parsed in the plainest way. A stream that ends inside a frame is only allowed where said.</summary>
internal sealed class Received
{
    internal List<Arrival> Deliveries { get; } = [];

    internal List<PongCommand> Pongs { get; } = [];

    internal List<ErrorCommand> Errors { get; } = [];

    internal List<WelcomeCommand> Welcomes { get; } = [];

    internal List<GoodbyeCommand> Goodbyes { get; } = [];

    /// <summary>How many of the deliveries came in whole runs; the rest is the beginning of one that was cut off.</summary>
    internal int WholeDeliveries { get; private set; }

    /// <summary>The kinds of all frames in order, without the messages.</summary>
    internal List<FrameKind> Kinds { get; } = [];

    internal static Received Parse(byte[] bytes, bool mayBeCut = false)
    {
        var received = new Received();
        var sids = new uint[Limits.MaxDeliverSids];
        var (sidCount, sender, left, flags) = (0, Guid.Empty, 0u, DeliverFlags.None);
        for (var at = 0; at < bytes.Length;)
        {
            var result = FrameScanner.Scan(bytes.AsSpan(at), Limits.Default, out var head);
            if (result == ScanResult.NeedMore && mayBeCut) break;
            Assert.Equal(ScanResult.Done, result);
            var frame = bytes[at..(at + head.Length)];
            at += head.Length;
            if (left > 0)
            {
                Assert.Equal(FrameKind.Publish, head.Kind);
                left--;
                for (var i = 0; i < sidCount; i++) received.Deliveries.Add(new Arrival(sids[i], sender, frame, 0, IsRetained: (flags & DeliverFlags.Retained) != 0));
                if (left == 0) received.WholeDeliveries = received.Deliveries.Count;
                continue;
            }

            received.Kinds.Add(head.Kind);
            if (head.Kind == FrameKind.Deliver)
                Assert.True(CommandReader.TryReadDeliver(frame, sids, out sidCount, out sender, out left, out flags));
            else
                received.Read(head.Kind, frame);
        }

        if (left == 0) received.WholeDeliveries = received.Deliveries.Count;
        Assert.True(left == 0 || mayBeCut, "the last run is not whole");
        return received;
    }

    /// <summary>The deliveries as short text: <c>sid:payload</c>, <c>sid:retained payload</c>, <c>sid:missed n</c> or <c>sid:missed n (m expired)</c>.</summary>
    internal string Log => string.Join(' ', Deliveries);

    private void Read(FrameKind kind, byte[] frame)
    {
        switch (kind)
        {
            case FrameKind.Missed:
                Assert.True(CommandReader.TryReadMissed(frame, out uint sid, out ulong count, out ulong expired));
                Deliveries.Add(new Arrival(sid, Guid.Empty, [], count, expired));
                break;
            case FrameKind.Unsubscribe:
                Assert.True(CommandReader.TryReadUnsubscribe(frame, out var ended, out _));
                Deliveries.Add(new Arrival(ended.Sid, Guid.Empty, [], 0));
                break;
            case FrameKind.Pong:
                Assert.True(CommandReader.TryReadPong(frame, out PongCommand? pong, out _));
                Pongs.Add(pong!);
                break;
            case FrameKind.Error:
                Assert.True(CommandReader.TryReadError(frame, out var error, out _));
                Errors.Add(error!);
                break;
            case FrameKind.Welcome:
                Assert.True(CommandReader.TryReadWelcome(frame, out var welcome, out _));
                Welcomes.Add(welcome!);
                break;
            case FrameKind.Goodbye:
                Assert.True(CommandReader.TryReadGoodbye(frame, out var goodbye, out _));
                Goodbyes.Add(goodbye!);
                break;
            default:
                Assert.Fail($"the broker sent {kind}");
                break;
        }
    }
}

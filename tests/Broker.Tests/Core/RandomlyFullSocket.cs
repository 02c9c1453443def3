using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>
/// A socket whose kernel buffer is full at random moments, and which asserts that it has one caller at a time. What it took is what the
/// peer received.
/// </summary>
internal sealed class RandomlyFullSocket(int seed) : IOutboundSocket
{
    private readonly Random _random = new(seed);
    private readonly List<byte> _received = [];
    private long _taken;
    private int _busy;

    internal byte[] Received => [.. _received];

    internal long Taken => Volatile.Read(ref _taken);

    public SendOutcome TrySend(List<ArraySegment<byte>> segments, out int sent)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0) throw new InvalidOperationException("two send at the same time");
        var room = _random.Next(3) == 0 ? _random.Next(2000) : int.MaxValue;
        sent = 0;
        foreach (var segment in segments)
        {
            var part = Math.Min(segment.Count, room - sent);
            _received.AddRange(segment.AsSpan(0, part));
            sent += part;
        }

        Volatile.Write(ref _taken, _received.Count);
        Volatile.Write(ref _busy, 0);
        return room == sent ? SendOutcome.Full : SendOutcome.Sent;
    }
}

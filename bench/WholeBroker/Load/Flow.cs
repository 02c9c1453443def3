using System.Diagnostics;
using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Load;

/// <summary>
/// The load: publishers that send as fast as a window allows and subscribers that receive, all on one thread that waits in poll(2) when
/// there is nothing to do. A thread for each would have them compete with the broker for the two cores of a small machine.
/// </summary>
/// <remarks>
/// The window bounds what is published and not yet received by every subscriber, so that no broker has a reason to drop; each run ends
/// when the last message has arrived, and fails when one does not.
/// </remarks>
internal sealed class Flow(IReadOnlyList<Publisher> publishers, IReadOnlyList<Subscriber> subscribers, int frameLength)
{
    /// <summary>Bytes on the way, as published.</summary>
    internal const int Window = 1 << 20;

    /// <summary>No piece takes longer, so nothing is coming any more.</summary>
    private const int PatienceMilliseconds = 20_000;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(1 << 19, pinned: true);
    private readonly Posix.PollEntry[] _poll = new Posix.PollEntry[publishers.Count + subscribers.Count];

    /// <summary>Publishes for so long, until everything has arrived.</summary>
    /// <returns>Messages published, and the time until the last one arrived at the last subscriber.</returns>
    /// <exception cref="InvalidDataException">A message is missing, or one came too many.</exception>
    internal (long Messages, TimeSpan Elapsed) Run(TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        while (true)
        {
            var isOver = Stopwatch.GetTimestamp() >= end;
            var moved = Publish(isOver) | Receive();
            if (isOver && IsComplete()) break;
            if (!moved) Wait(isOver);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        foreach (var publisher in publishers) publisher.DiscardAnswers(_buffer);
        return (Published() / frameLength, elapsed);
    }

    private bool Publish(bool isOver)
    {
        var moved = false;
        for (var i = 0; i < publishers.Count; i++)
        {
            var allowed = isOver ? 0 : (int)Math.Min(int.MaxValue, Window - InFlight());
            if (!publishers[i].Send(Math.Max(allowed, 0), frameLength)) continue;
            publishers[i].DiscardAnswers(_buffer);
            moved = true;
        }

        return moved;
    }

    private bool Receive()
    {
        var moved = false;
        for (var i = 0; i < subscribers.Count; i++) moved |= subscribers[i].Receive(_buffer);
        return moved;
    }

    private long InFlight()
    {
        var received = long.MaxValue;
        for (var i = 0; i < subscribers.Count; i++) received = Math.Min(received, subscribers[i].Counter.Messages);
        return Published() - (received * frameLength);
    }

    private long Published()
    {
        long bytes = 0;
        for (var i = 0; i < publishers.Count; i++) bytes += publishers[i].SentBytes;
        return bytes;
    }

    private bool IsComplete()
    {
        var published = Published();
        if (published % frameLength != 0) return false;
        for (var i = 0; i < subscribers.Count; i++)
        {
            var received = subscribers[i].Counter.Messages;
            if (received > published / frameLength) throw new InvalidDataException($"{received} messages arrived and {published / frameLength} were published");
            if (received < published / frameLength) return false;
        }

        return true;
    }

    private void Wait(bool isOver)
    {
        var mayPublish = !isOver && InFlight() < Window;
        for (var i = 0; i < publishers.Count; i++)
        {
            var wants = mayPublish || !publishers[i].IsAtFrameEnd(frameLength);
            _poll[i] = new Posix.PollEntry { Descriptor = publishers[i].Descriptor, Wanted = (short)(Posix.PollIn | (wants ? Posix.PollOut : 0)) };
        }

        for (var i = 0; i < subscribers.Count; i++)
            _poll[publishers.Count + i] = new Posix.PollEntry { Descriptor = subscribers[i].Descriptor, Wanted = Posix.PollIn };
        if (Posix.Poll(_poll, PatienceMilliseconds)) return;
        var counts = string.Join(", ", subscribers.Select(subscriber => subscriber.Counter.Messages));
        throw new InvalidDataException($"messages are missing: {Published() / frameLength} were published, {counts} arrived");
    }
}

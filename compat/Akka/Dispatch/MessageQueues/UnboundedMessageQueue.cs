using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>
/// The default queue: a chain of rings, small at first (an idle actor pays for two slots) and doubling up to
/// <see cref="MaxSegmentLength"/>. Enqueueing takes no lock and allocates nothing while a ring has room; a queue that keeps up
/// stays in one ring for ever.
/// </summary>
public class UnboundedMessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private const int FirstSegmentLength = 2;
    private const int MaxSegmentLength = 512;

    private EnvelopeSegment _first;
    private EnvelopeSegment _last;

    public UnboundedMessageQueue() => _first = _last = new EnvelopeSegment(FirstSegmentLength);

    public bool HasMessages
    {
        get
        {
            var segment = Volatile.Read(ref _first);
            while (!segment.HasMessage && segment.IsExhausted && segment.Next is { } next) segment = next;
            return segment.HasMessage;
        }
    }

    public int Count
    {
        get
        {
            var count = 0;
            for (var segment = Volatile.Read(ref _first); segment is not null; segment = segment.Next) count += segment.Count;
            return count;
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            if (last.TryEnqueue(envelope.Message, envelope.Sender)) return;
            Grow(last);
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        while (true)
        {
            var first = _first;
            if (first.TryDequeue(out envelope)) return true;
            if (!first.IsExhausted) return false;
            if (first.TryDequeue(out envelope)) return true;
            if (first.Next is null) return false;
            Volatile.Write(ref _first, first.Next);
        }
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        var spinner = default(SpinWait);
        while (HasMessages)
        {
            if (TryDequeue(out var envelope))
                deadletters.Enqueue(owner, envelope);
            else
                spinner.SpinOnce();
        }
    }

    private void Grow(EnvelopeSegment full)
    {
        lock (this)
        {
            if (!ReferenceEquals(_last, full)) return;
            full.Freeze();
            var next = new EnvelopeSegment(Math.Min(full.Length * 2, MaxSegmentLength));
            full.Next = next;
            Volatile.Write(ref _last, next);
        }
    }
}

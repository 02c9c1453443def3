using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Dispatch.MessageQueues;

/// <summary>
/// A queue with a capacity. A sender to a full queue waits up to the push timeout on its own thread, then its message becomes a
/// dead letter.
/// </summary>
public class BoundedMessageQueue : IMessageQueue, IBoundedMessageQueueSemantics
{
    private readonly Queue<Envelope> _queue = new();
    private readonly int _capacity;

    public BoundedMessageQueue(Config config)
        : this(config.GetInt("mailbox-capacity"), config.GetTimeSpan("mailbox-push-timeout-time"))
    {
    }

    public BoundedMessageQueue(int boundedCapacity, TimeSpan pushTimeOut)
    {
        if (boundedCapacity < 0) throw new ArgumentException("The capacity for BoundedMessageQueue can not be negative", nameof(boundedCapacity));
        _capacity = boundedCapacity;
        PushTimeOut = pushTimeOut;
    }

    public TimeSpan PushTimeOut { get; set; }

    public bool HasMessages => Count > 0;

    public int Count
    {
        get
        {
            lock (_queue) return _queue.Count;
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (TryEnqueue(envelope)) return;
        var deadLetters = ((IInternalActorRef)receiver).Provider.DeadLetters;
        var sender = envelope.Sender ?? deadLetters;
        deadLetters.Tell(new DeadLetter(envelope.Message, sender, receiver), sender);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_queue)
        {
            if (!_queue.TryDequeue(out envelope)) return false;
            Monitor.Pulse(_queue);
            return true;
        }
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }

    private bool TryEnqueue(in Envelope envelope)
    {
        lock (_queue)
        {
            if (_queue.Count >= _capacity)
            {
                var deadline = PushTimeOut < TimeSpan.Zero ? long.MaxValue : Environment.TickCount64 + (long)PushTimeOut.TotalMilliseconds;
                while (_queue.Count >= _capacity)
                {
                    var left = deadline == long.MaxValue ? Timeout.Infinite : (int)Math.Min(deadline - Environment.TickCount64, int.MaxValue);
                    if (left != Timeout.Infinite && left <= 0) return false;
                    Monitor.Wait(_queue, left);
                }
            }

            _queue.Enqueue(envelope);
            return true;
        }
    }
}

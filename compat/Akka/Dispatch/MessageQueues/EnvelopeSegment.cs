using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>
/// A ring of envelopes with a fixed, power-of-two length for many producers and one consumer. Each slot has a sequence
/// number that says whose turn it is: position p may be written when the number is p and read when it is p + 1; reading sets
/// it to p + length, the position of the next lap. A producer claims a position by moving the tail with compare-and-swap.
/// A full ring is frozen: the tail jumps ahead by two laps so that no slot ever matches it again, and the queue goes on in
/// the next ring.
/// </summary>
internal sealed class EnvelopeSegment
{
    private readonly Slot[] _slots;
    private int _head;
    private int _tail;
    private bool _frozen;

    public EnvelopeSegment(int length)
    {
        _slots = new Slot[length];
        for (var i = 0; i < length; i++) _slots[i].Sequence = i;
    }

    public EnvelopeSegment Next { get; set; }

    public int Length => _slots.Length;

    /// <summary>
    /// Whether a position is claimed and unread, even if it is not written yet: who decides by this that the actor may go idle must see
    /// every message whose sender has already looked whether the actor is running. The claim is a full barrier before that look; the write
    /// of the slot is none, and could become visible only after it.
    /// </summary>
    public bool HasMessage
    {
        get
        {
            var head = Volatile.Read(ref _head);
            var claimed = unchecked(Volatile.Read(ref _tail) - head);
            return claimed != 0 && claimed != _slots.Length * 2;
        }
    }

    /// <summary>Claimed and unread positions; an instant's view when producers are active.</summary>
    public int Count
    {
        get
        {
            var head = Volatile.Read(ref _head);
            var tail = Volatile.Read(ref _tail);
            if (Volatile.Read(ref _frozen)) tail = unchecked(tail - (_slots.Length * 2));
            return Math.Clamp(unchecked(tail - head), 0, _slots.Length);
        }
    }

    /// <summary>Frozen and read to its end: nothing will ever come out of it again.</summary>
    public bool IsExhausted => Volatile.Read(ref _frozen) && unchecked(Volatile.Read(ref _tail) - (_slots.Length * 2)) == _head;

    public bool TryEnqueue(object message, IActorRef sender)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        while (true)
        {
            var tail = Volatile.Read(ref _tail);
            ref var slot = ref slots[tail & mask];
            var lead = unchecked(Volatile.Read(ref slot.Sequence) - tail);
            if (lead == 0)
            {
                if (Interlocked.CompareExchange(ref _tail, unchecked(tail + 1), tail) != tail) continue;
                slot.Message = message;
                slot.Sender = sender;
                Volatile.Write(ref slot.Sequence, unchecked(tail + 1));
                return true;
            }

            if (lead < 0) return false;
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        var slots = _slots;
        var head = _head;
        ref var slot = ref slots[head & (slots.Length - 1)];
        if (Volatile.Read(ref slot.Sequence) != unchecked(head + 1))
        {
            envelope = default;
            return false;
        }

        envelope = new Envelope(slot.Message, slot.Sender);
        slot.Message = null;
        slot.Sender = null;
        Volatile.Write(ref slot.Sequence, unchecked(head + slots.Length));
        Volatile.Write(ref _head, unchecked(head + 1));
        return true;
    }

    /// <summary>Ends all enqueueing; the caller holds the queue's growth lock.</summary>
    public void Freeze()
    {
        if (_frozen) return;
        Volatile.Write(ref _frozen, true);
        Interlocked.Add(ref _tail, _slots.Length * 2);
    }

    private struct Slot
    {
        public object Message;
        public IActorRef Sender;
        public int Sequence;
    }
}

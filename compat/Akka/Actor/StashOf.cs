using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The stash of one actor instance.</summary>
internal sealed class StashOf : IStash
{
    private readonly ActorCell _cell;
    private readonly IDequeBasedMessageQueueSemantics _mailbox;
    private List<Envelope> _stashed = [];
    private int _lastTurn;

    private StashOf(ActorCell cell, IDequeBasedMessageQueueSemantics mailbox, int capacity)
    {
        _cell = cell;
        _mailbox = mailbox;
        Capacity = capacity;
    }

    public int Count => _stashed.Count;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => Count > 0;

    public bool IsFull => Capacity >= 0 && Count >= Capacity;

    /// <summary>Zero or less for no bound.</summary>
    public int Capacity { get; }

    public static StashOf Create(ActorCell cell, ActorBase actor)
    {
        if (cell.Mailbox.MessageQueue is not IDequeBasedMessageQueueSemantics mailbox)
        {
            throw new ActorInitializationException(
                cell.Self,
                $"DequeBasedMailbox required, got: {cell.Mailbox.MessageQueue.GetType().Name}. {actor.GetType().Name} has a stash; its mailbox-type "
                + "must be Akka.Dispatch.UnboundedDequeBasedMailbox or Akka.Dispatch.BoundedDequeBasedMailbox.");
        }

        return new StashOf(cell, mailbox, actor is IWithUnboundedStash ? -1 : cell.StashCapacity());
    }

    /// <summary>What an ending or restarting instance had set aside goes back into the mailbox.</summary>
    public static void Release(ActorBase actor)
    {
        if (actor is IActorStash { Stash: { } stash }) stash.UnstashAll();
    }

    public void Stash()
    {
        if (_cell.Turn == _lastTurn) throw new IllegalActorStateException($"Can't stash the same message {_cell.CurrentMessage} more than once");
        _lastTurn = _cell.Turn;
        if (Capacity > 0 && _stashed.Count >= Capacity)
            throw new StashOverflowException($"Couldn't enqueue message {_cell.CurrentMessage} from {_cell.Sender} to stash of {_cell.Self}");
        _stashed.Add(new Envelope(_cell.CurrentMessage, _cell.Sender));
    }

    public void Unstash()
    {
        if (_stashed.Count == 0) return;
        var first = _stashed[0];
        _stashed.RemoveAt(0);
        PutBack(first);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (_stashed.Count == 0) return;
        var stashed = _stashed;
        _stashed = [];
        for (var i = stashed.Count - 1; i >= 0; i--)
            if (predicate(stashed[i])) PutBack(stashed[i]);
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var stashed = _stashed;
        _stashed = [];
        return stashed;
    }

    public void Prepend(IEnumerable<Envelope> envelopes) => _stashed.InsertRange(0, envelopes.Distinct());

    private void PutBack(in Envelope envelope)
    {
        _mailbox.EnqueueFirst(envelope);
        if (envelope.Message is Terminated terminated) _cell.TerminatedQueuedFor(terminated.ActorRef);
    }
}

using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The processing of user messages and the behaviours that process them.</summary>
public partial class ActorCell
{
    private Receive _receive;
    private Stack<Receive> _outerBehaviors;

    /// <summary>Counts messages, so that a stash can tell one from the next.</summary>
    internal int Turn { get; private set; }

    public void BecomeStacked(Receive receive)
    {
        if (_receive is not null) (_outerBehaviors ??= new Stack<Receive>()).Push(_receive);
        _receive = receive;
    }

    public void UnbecomeStacked()
    {
        if (_outerBehaviors is { Count: > 0 }) _receive = _outerBehaviors.Pop();
    }

    internal void Invoke(in Envelope envelope)
    {
        var message = envelope.Message;
        _currentMessage = message;
        _sender = envelope.Sender;
        _isReceiving = true;
        try
        {
            if (message is TimerMessage timer && (_currentMessage = message = timer.Accept(_actor)) is null) return;
            Turn++;
            if (_idle is not null && message is not INotInfluenceReceiveTimeout) _idle.Hold();
            if (message is IAutoReceivedMessage)
                AutoReceiveMessage(message);
            else
                ReceiveMessage(message);
            _currentMessage = null;
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause, null);
        }
        finally
        {
            _isReceiving = false;
            if (_idle is { IsHeld: true }) _idle.Release();
        }
    }

    private void ReceiveMessage(object message)
    {
        var handled = _actor.AroundReceive(_receive, message);
        if (_system.Settings.AddLoggingReceive && _actor is ILogReceive)
        {
            var text = $"received {(handled ? "handled" : "unhandled")} message {message} from {Sender.Path}";
            _system.EventStream.Publish(new Debug(_self.Path.ToString(), ActorType, text));
        }
    }

    private void AutoReceiveMessage(object message)
    {
        if (_system.Settings.DebugAutoReceive)
            _system.EventStream.Publish(new Debug(_self.Path.ToString(), ActorType, "received AutoReceiveMessage " + message));
        switch (message)
        {
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case PoisonPill:
                _self.Stop();
                break;
            case ActorSelectionMessage selection:
                Akka.Actor.ActorSelection.Deliver(_self, Sender, selection);
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
        }
    }

    /// <summary>Replaces the behaviour on top. The actor's first one always stays at the bottom of the stack.</summary>
    private void SetBehavior(Receive receive)
    {
        if (_outerBehaviors is { Count: > 0 })
            _receive = receive;
        else
            BecomeStacked(receive);
    }

    private ActorBase NewActor()
    {
        IsCleared = false;
        _receive = null;
        _outerBehaviors = null;
        var actor = _props.NewActor();
        actor.SetContext(this);
        (actor as IInitializableActor)?.Init();
        if (actor is IActorStash withStash) withStash.Stash = StashOf.Create(this, actor);
        return actor;
    }
}

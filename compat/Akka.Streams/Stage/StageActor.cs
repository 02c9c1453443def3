using Akka.Actor;
using Akka.Event;
using Akka.Streams.Implementation;

namespace Akka.Streams.Stage;

/// <summary>
/// A reference that belongs to a stage: what is told to it arrives inside of the stage, like an async callback. It is no actor: PoisonPill and
/// Kill are ignored, with a warning.
/// </summary>
public sealed class StageActor
{
    private readonly Action<(IActorRef, object)> _callback;
    private readonly CallbackRef _ref;
    private readonly ActorMaterializer _materializer;
    private StageActorRef.Receive _behavior;

    public StageActor(
        ActorMaterializer materializer,
        Func<StageActorRef.Receive, Action<(IActorRef, object)>> getAsyncCallback,
        StageActorRef.Receive initialReceive,
        string name = null)
    {
        _materializer = materializer;
        _callback = getAsyncCallback(InternalReceive);
        _behavior = initialReceive;
        var parent = (IInternalActorRef)materializer.Supervisor;
        var own = ((ActorMaterializerImpl)materializer).NextStageActorName();
        _ref = new CallbackRef(parent, parent.Path / (string.IsNullOrEmpty(name) ? own : $"{own}-{name}"), OnTell);
    }

    public IActorRef Ref => _ref;

    /// <summary>Changes the function that receives messages from now on.</summary>
    public void Become(StageActorRef.Receive receive) => Volatile.Write(ref _behavior, receive);

    public void Stop() => _ref.Stop();

    /// <summary>Makes the end of an actor arrive as <see cref="Terminated"/>, once.</summary>
    public void Watch(IActorRef actorRef) => _ref.Watch(actorRef);

    public void Unwatch(IActorRef actorRef) => _ref.Unwatch(actorRef);

    private void OnTell(IActorRef sender, object message)
    {
        if (message is PoisonPill or Kill)
        {
            _materializer.Logger.Warning(
                "{0} message sent to StageActor({1}) will be ignored, since it is not a real Actor. " +
                "Use a custom message type to communicate with it instead.",
                message,
                _ref.Path);
            return;
        }

        _callback((sender, message));
    }

    private void InternalReceive((IActorRef, object) args)
    {
        if (args.Item2 is Terminated terminated)
        {
            if (!_ref.IsWatching(terminated.ActorRef))
                return;
            _ref.Unwatch(terminated.ActorRef);
        }

        Volatile.Read(ref _behavior)(args);
    }
}

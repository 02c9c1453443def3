using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Stage;

/// <summary>The ways in from outside: async callbacks, and the stage actor.</summary>
public abstract partial class GraphStageLogic
{
    private StageActor _stageActor;

    /// <summary>The actor made by <see cref="GetStageActor"/>.</summary>
    public StageActor StageActor => _stageActor ?? throw StageActorRefNotInitializedException.Instance;

    protected virtual string StageActorName => "";

    /// <summary>
    /// An action that any thread may call at any time after the stage has been started: it runs <paramref name="handler"/> inside the stage,
    /// later. Calls that come after the stage has ended do nothing.
    /// </summary>
    protected Action<T> GetAsyncCallback<T>(Action<T> handler) => new StageCallback<T>(this, handler).Invoke;

    /// <summary>Like the other, for a handler without argument; a call allocates nothing, since the callback is its own message.</summary>
    protected Action GetAsyncCallback(Action handler) => new StageCallback(this, handler).Invoke;

    /// <summary>
    /// The actor of this stage, made at the first call; a further call changes the function that receives its messages. It stops with the
    /// stage.
    /// </summary>
    protected StageActor GetStageActor(StageActorRef.Receive receive)
    {
        if (_stageActor is not null)
        {
            _stageActor.Become(receive);
            return _stageActor;
        }

        return _stageActor = new StageActor(
            Interpreter.Materializer, r => GetAsyncCallback<(Actor.IActorRef, object)>(message => r(message)), receive, StageActorName);
    }
}

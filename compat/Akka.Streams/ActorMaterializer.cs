using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Streams.Implementation;

namespace Akka.Streams;

/// <summary>
/// Runs streams in actors, which are children of one supervisor. The supervisor of a materializer that was made for an actor is a child of that
/// actor: the streams stop with it, abruptly, which a stage sees as <see cref="Stage.GraphStageLogic.PostStop"/> without anything before.
/// </summary>
public abstract class ActorMaterializer : IMaterializer, IMaterializerLoggingProvider, IDisposable
{
    public abstract ActorMaterializerSettings Settings { get; }

    public abstract bool IsShutdown { get; }

    public abstract MessageDispatcher ExecutionContext { get; }

    public abstract ActorSystem System { get; }

    public abstract ILoggingAdapter Logger { get; }

    public abstract IActorRef Supervisor { get; }

    /// <summary>
    /// For an actor system without further arguments this is the materializer of the system, always the same one; for an actor's context it is
    /// a new one, to be made inside of the actor.
    /// </summary>
    public static ActorMaterializer Create(IActorRefFactory context, ActorMaterializerSettings settings = null, string namePrefix = null)
    {
        var system = context switch
        {
            ActorSystem itself => itself,
            IActorContext actor => actor.System,
            null => throw new ArgumentNullException(nameof(context), "IActorRefFactory must be defined"),
            _ => throw new ArgumentException($"ActorRefFactory context must be a ActorSystem or ActorContext, got [{context.GetType()}]"),
        };
        var shared = DefaultMaterializer.Get(system);
        if (context is ActorSystem && settings is null)
            return namePrefix is null ? shared : (ActorMaterializer)shared.WithNamePrefix(namePrefix);
        return ActorMaterializerImpl.Create(context, system, settings ?? shared.Settings, namePrefix ?? "Flow");
    }

    public abstract IMaterializer WithNamePrefix(string namePrefix);

    public abstract TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable);

    public abstract TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes);

    public abstract ICancelable ScheduleOnce(TimeSpan delay, Action action);

    public abstract ICancelable ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);

    /// <summary>Stops all streams abruptly; nothing can be materialized afterwards.</summary>
    public abstract void Shutdown();

    public abstract ILoggingAdapter MakeLogger(object logSource);

    public void Dispose()
    {
        Shutdown();
        GC.SuppressFinalize(this);
    }
}

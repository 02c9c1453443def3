using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Streams;

/// <summary>Turns blueprints into running streams.</summary>
public interface IMaterializer
{
    MessageDispatcher ExecutionContext { get; }

    /// <summary>The same materializer, whose streams have names with another beginning.</summary>
    IMaterializer WithNamePrefix(string namePrefix);

    /// <summary>Starts a stream and returns its materialized value; any thread, but see <see cref="ActorMaterializerExtensions"/>.</summary>
    TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable);

    TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes);

    ICancelable ScheduleOnce(TimeSpan delay, Action action);

    ICancelable ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);
}

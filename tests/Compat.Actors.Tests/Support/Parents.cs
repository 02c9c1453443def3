using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>Asking with the patience of a test, and creating children through their parent.</summary>
internal static class Parents
{
    public static Task<T> AskFor<T>(this ICanTell actor, object message) =>
        actor.Ask<T>(message, Probe.Patience, TestContext.Current.CancellationToken);

    public static Task<IActorRef> Spawn(this IActorRef parent, Props props, string name) =>
        parent.AskFor<IActorRef>(new Recorder.Spawn(props, name));

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Probe.Patience, TestContext.Current.CancellationToken);

    public static Task InTime(this Task task) => task.WaitAsync(Probe.Patience, TestContext.Current.CancellationToken);
}

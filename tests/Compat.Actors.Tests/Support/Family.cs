using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>A parent with a strategy and one child, both started, both recording to a probe.</summary>
internal static class Family
{
    public static async Task<(IActorRef Parent, IActorRef Child)> Of(TestSystem test, Probe probe, SupervisorStrategy strategy)
    {
        var parent = test.System.ActorOf(Recorder.Props(probe, "p", strategy), "parent");
        await probe.Expect("p constructed", "p started");
        var child = await parent.Spawn(Recorder.Props(probe, "c"), "child");
        await probe.Expect("c constructed", "c started");
        return (parent, child);
    }
}

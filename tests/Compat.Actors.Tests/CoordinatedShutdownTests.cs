using Akka;
using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class CoordinatedShutdownTests
{
    [Fact]
    public async Task Phases_run_one_after_the_other_and_the_system_is_terminated_last()
    {
        await using var test = new TestSystem();
        var order = new List<string>();
        var shutdown = CoordinatedShutdown.Get(test.System);
        string[] phases =
        [
            CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseServiceRequestsDone, CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseBeforeClusterShutdown, CoordinatedShutdown.PhaseClusterShardingShutdownRegion,
            CoordinatedShutdown.PhaseClusterLeave, CoordinatedShutdown.PhaseClusterExiting,
            CoordinatedShutdown.PhaseClusterExitingDone, CoordinatedShutdown.PhaseClusterShutdown,
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
        ];
        foreach (var phase in phases.Reverse())
        {
            shutdown.AddTask(phase, "note", async () =>
            {
                await Task.Yield();
                order.Add(phase);
                return Done.Instance;
            });
        }

        test.System.RegisterOnTermination(() => order.Add("terminated"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).InTime();
        await test.System.WhenTerminated.InTime();
        Assert.Equal([.. phases, "terminated"], order);
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task Terminate_runs_the_phases()
    {
        await using var test = new TestSystem();
        var ran = new TaskCompletionSource();
        var shutdown = CoordinatedShutdown.Get(test.System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
        {
            ran.SetResult();
            return Task.FromResult(Done.Instance);
        });
        await test.System.Terminate().InTime();
        Assert.True(ran.Task.IsCompleted);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task Terminate_can_be_configured_to_skip_the_phases()
    {
        await using var test = new TestSystem("akka.coordinated-shutdown.run-by-actor-system-terminate = off");
        var ran = false;
        CoordinatedShutdown.Get(test.System).AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await test.System.Terminate().InTime();
        Assert.False(ran);
    }

    [Fact]
    public async Task The_tasks_of_a_phase_run_at_the_same_time()
    {
        await using var test = new TestSystem();
        var shutdown = CoordinatedShutdown.Get(test.System);
        var first = new TaskCompletionSource<Done>();
        var second = new TaskCompletionSource<Done>();
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "1", () =>
        {
            first.SetResult(Done.Instance);
            return second.Task;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "2", () =>
        {
            second.SetResult(Done.Instance);
            return first.Task;
        });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).InTime();
    }

    [Fact]
    public async Task Only_the_first_run_counts()
    {
        await using var test = new TestSystem();
        var runs = 0;
        var shutdown = CoordinatedShutdown.Get(test.System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "count", () =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult(Done.Instance);
        });
        var first = shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        var second = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        await Task.WhenAll(first, second).InTime();
        Assert.Equal(1, runs);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task A_failed_task_does_not_stop_a_phase_that_recovers()
    {
        await using var test = new TestSystem();
        var shutdown = CoordinatedShutdown.Get(test.System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => throw new Boom("now"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails later", () => Task.FromException<Done>(new Boom("later")));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).InTime();
        await test.System.WhenTerminated.InTime();
    }

    [Fact]
    public async Task A_shutdown_from_a_phase_that_there_is_not_runs_nothing()
    {
        var system = ActorSystem.Create("stuck", TestSystem.ConfigOf(""));
        var ran = false;
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, "nowhere").InTime();
        Assert.Equal((false, false), (ran, system.WhenTerminated.IsCompleted));
        ((ExtendedActorSystem)system).Abort();
        await system.WhenTerminated.InTime();
    }

    [Fact]
    public async Task A_failed_task_of_a_phase_that_does_not_recover_ends_the_shutdown()
    {
        var system = ActorSystem.Create("stuck", TestSystem.ConfigOf("akka.coordinated-shutdown.phases.service-unbind.recover = off"));
        var later = false;
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => Task.FromException<Done>(new Boom("now")));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "later", () =>
        {
            later = true;
            return Task.FromResult(Done.Instance);
        });
        var failure = await Assert.ThrowsAsync<AggregateException>(() => shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).InTime());
        Assert.IsType<Boom>(failure.GetBaseException());
        Assert.False(later);
        Assert.False(system.WhenTerminated.IsCompleted);
        ((ExtendedActorSystem)system).Abort();
        await system.WhenTerminated.InTime();
    }

    [Fact]
    public async Task A_phase_ends_at_its_timeout()
    {
        await using var test = new TestSystem("akka.coordinated-shutdown.phases.service-unbind.timeout = 100ms");
        var shutdown = CoordinatedShutdown.Get(test.System);
        Assert.Equal(TimeSpan.FromMilliseconds(100), shutdown.Timeout(CoordinatedShutdown.PhaseServiceUnbind));
        Assert.Equal(TimeSpan.FromSeconds(5), shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "never", () => new TaskCompletionSource<Done>().Task);
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).InTime();
        await test.System.WhenTerminated.InTime();
    }

    [Fact]
    public async Task The_shutdown_can_begin_at_a_phase()
    {
        await using var test = new TestSystem();
        var order = new List<string>();
        var shutdown = CoordinatedShutdown.Get(test.System);
        foreach (var phase in new[] { CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseServiceStop })
        {
            shutdown.AddTask(phase, "note", () =>
            {
                order.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        }

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceStop).InTime();
        Assert.Equal([CoordinatedShutdown.PhaseServiceStop], order);
    }

    [Fact]
    public async Task Phases_can_be_added_by_configuration()
    {
        await using var test = new TestSystem("""
            akka.coordinated-shutdown.phases {
              drain { depends-on = [service-unbind] }
              service-requests-done { depends-on = [drain] }
            }
            """);
        var order = new List<string>();
        var shutdown = CoordinatedShutdown.Get(test.System);
        foreach (var phase in new[] { "service-requests-done", "drain", "service-unbind" })
        {
            shutdown.AddTask(phase, "note", () =>
            {
                order.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        }

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).InTime();
        Assert.Equal(["service-unbind", "drain", "service-requests-done"], order);
    }

    [Fact]
    public async Task A_phase_that_is_not_configured_takes_no_tasks()
    {
        await using var test = new TestSystem();
        var shutdown = CoordinatedShutdown.Get(test.System);
        Assert.Throws<Akka.Configuration.ConfigurationException>(
            () => shutdown.AddTask("no-such-phase", "x", () => Task.FromResult(Done.Instance)));
        Assert.Throws<Akka.Configuration.ConfigurationException>(() => shutdown.AddTask(null!, "x", () => Task.FromResult(Done.Instance)));
        Assert.Throws<ArgumentException>(() => shutdown.Timeout("no-such-phase"));
    }

    [Fact]
    public async Task A_phase_runs_even_if_it_is_configured_as_not_enabled()
    {
        await using var test = new TestSystem("akka.coordinated-shutdown.phases.service-stop.enabled = off");
        var ran = false;
        var shutdown = CoordinatedShutdown.Get(test.System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).InTime();
        Assert.True(ran);
    }
}

using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class ReceiveTimeoutTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task A_receive_timeout_reports_idleness_again_and_again_until_it_is_switched_off()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.Run((context, message) =>
        {
            if (message is "on") context.SetReceiveTimeout(Soon);
            if (message is "off") context.SetReceiveTimeout(null);
            target.Tell(message is ReceiveTimeout ? "idle" : message);
        });
        actor.Tell("on");
        await probe.Expect("on", "idle", "idle");
        actor.Tell("off");
        while (await probe.Next<string>() is not "off")
        {
        }

        test.System.Scheduler.ScheduleTellOnce(Soon * 4, probe.Ref, "fence", ActorRefs.NoSender);
        await probe.Expect("fence");
    }

    [Fact]
    public async Task Messages_put_the_receive_timeout_off_unless_they_are_marked_not_to()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var timeout = TimeSpan.FromMilliseconds(400);
        var sinceLast = new System.Diagnostics.Stopwatch();
        var actor = test.Run((context, message) =>
        {
            if (message is "on") context.SetReceiveTimeout(timeout);
            if (message is ReceiveTimeout) target.Tell(sinceLast.Elapsed);
            if (message is string) sinceLast.Restart();
        });
        actor.Tell("on");
        var busy = System.Diagnostics.Stopwatch.StartNew();
        while (busy.Elapsed < timeout * 3)
        {
            actor.Tell("busy");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var stopQuiet = false;
        var quiet = TellQuietly();
        async Task TellQuietly()
        {
            while (!Volatile.Read(ref stopQuiet))
            {
                actor.Tell(new Quiet());
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }

        // On a machine that stood still meanwhile there may be several; none comes earlier than the timeout behind the last message, but for a tick of the timer.
        Assert.True(await probe.Next<TimeSpan>() > timeout - TimeSpan.FromMilliseconds(50));
        Volatile.Write(ref stopQuiet, true);
        await quiet;
        while (probe.TryNext(out var more)) Assert.True((TimeSpan)more.Message > timeout - TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task An_actor_is_not_idle_while_it_processes_a_message_however_long()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var timeout = TimeSpan.FromMilliseconds(300);
        var scheduler = test.System.Scheduler.Advanced;
        var actor = test.Run((context, message) =>
        {
            if (message is "on") context.SetReceiveTimeout(timeout);
            if (message is "on" or "work")
            {
                // A timer of the same scheduler that is due later than the timeout would be.
                using var later = new ManualResetEventSlim();
                scheduler.ScheduleOnce(timeout * 2, later.Set);
                later.Wait();
            }

            if (message is "off") context.SetReceiveTimeout(null);
            target.Tell(message is ReceiveTimeout ? "idle" : message);
        });
        actor.Tell("on");
        actor.Tell("work");
        actor.Tell("off");
        await probe.Expect("on", "work", "off");

        // Behind a timeout that was sent meanwhile.
        actor.Tell("fence");
        await probe.Expect("fence");
    }

    private sealed class Quiet : INotInfluenceReceiveTimeout;
}

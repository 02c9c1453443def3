using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>
/// Reports each step of its life, with its tag, to a reference, throws on <see cref="Fail"/>, creates children on
/// <see cref="Spawn"/> and otherwise echoes.
/// </summary>
internal sealed class Recorder : UntypedActor
{
    private readonly IActorRef _to;
    private readonly string _tag;
    private readonly SupervisorStrategy? _strategy;

    public Recorder(IActorRef to, string tag, SupervisorStrategy? strategy)
    {
        _to = to;
        _tag = tag;
        _strategy = strategy;
        Report("constructed");
    }

    public static Props Props(Probe to, string tag, SupervisorStrategy? strategy = null)
    {
        var reference = to.Ref;
        return Akka.Actor.Props.Create(() => new Recorder(reference, tag, strategy));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Fail fail:
                throw new Boom(fail.Reason);
            case Spawn spawn:
                Sender.Tell(Context.ActorOf(spawn.Props, spawn.Name));
                break;
            case "stop":
                Context.Stop(Self);
                break;
            default:
                Report(message.ToString()!);
                break;
        }
    }

    protected override void PreStart() => Report("started");

    protected override void PostStop() => Report("stopped");

    protected override void PreRestart(Exception reason, object message)
    {
        Report($"restarting after {reason.Message} on {(message as Fail)?.Reason ?? "nothing"}");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        Report("restarted");
        base.PostRestart(reason);
    }

    protected override SupervisorStrategy SupervisorStrategy() => _strategy ?? base.SupervisorStrategy();

    private void Report(string step) => _to.Tell($"{_tag} {step}", Self);

    internal sealed record Spawn(Props Props, string Name);
}

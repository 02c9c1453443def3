using System.Diagnostics;
using Akka.Actor;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Streams;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>What a connection does while it lives: HELLO timeout, control frames, changes of the access rules, keep-alive.</summary>
internal sealed partial class ConnectionActor
{
    private void AwaitHello()
    {
        _helloAwaited = Stopwatch.GetTimestamp();
        Timers.StartSingleTimer(nameof(HandshakeTimedOut), HandshakeTimedOut.Instance, _context.Settings.Connections.HandshakeTimeout);
    }

    // A peer whose HELLO has arrived waits for the broker, so it has not timed out. A timer that is twice as late as it should be shows
    // that the broker was not running and cannot have read the HELLO either, so the peer gets its time once more.
    private void OnHandshakeTimedOut()
    {
        var timeout = _context.Settings.Connections.HandshakeTimeout;
        if (Session.IsGreeted) return;
        if (Stopwatch.GetElapsedTime(_helloAwaited) > timeout * 2) AwaitHello();
        else End(new Ending(CloseReason.HandshakeTimeout, $"no HELLO within {timeout.TotalSeconds} s"));
    }

    private void Control(ControlArrived message)
    {
        _control.Begin(message.Handled);
        foreach (var (kind, bytes) in message.Frames.Frames) Session.Handle(kind, bytes);
        if (Session.TakeChanges() is { Count: > 0 } changes)
        {
            _control.Await();
            _actors.Router.Tell(new RouterActor.Apply(changes, _core.Record.Peer.Uid), Self);
        }
        else AskBroker();

        _core.ReassignLeftovers();
        _control.CompleteOne();
        if (Session.Ending is { } ending) End(ending);
    }

    private void Applied()
    {
        Session.SendWelcome();
        AskBroker();
        _control.CompleteOne();
    }

    // A request that follows a SUBSCRIBE may cause messages for it, so it waits until the subscription is in force.
    private void AskBroker()
    {
        foreach (var request in Session.TakeRequests())
        {
            _control.Await();
            _actors.System.Tell(new SystemActor.Ask(request, _core.Record.Peer), Self);
        }
    }

    private void ApplyAccess()
    {
        if (_access.Rules.Connect is { IsAllowed: false } denial)
        {
            End(new Ending(CloseReason.NotAllowed, _access.Deny(AccessVerbs.Connect, [], denial)));
            return;
        }

        Session.ApplyAccess();
        _core.ReassignLeftovers();
        if (Session.TakeChanges() is { Count: > 0 } changes) _actors.Router.Tell(new RouterActor.Apply(changes, _core.Record.Peer.Uid), ActorRefs.NoSender);
    }

    // Raw connections have no PING.
    private void CheckKeepAlive()
    {
        var settings = _context.Settings.KeepAlive;
        if (_core.IsRaw || !_keepAlivePace.IsTick(Stopwatch.GetTimestamp(), settings.PingInterval, out var elapsed)) return;
        switch (_keepAlive.Tick(_core.Inbound.Activity, _core.IsHeldBack, elapsed))
        {
            case KeepAliveStep.Close:
                End(new Ending(CloseReason.Stale, $"{settings.StaleAfter} pings in a row were not answered within {settings.PingInterval.TotalSeconds} s each"));
                break;
            case KeepAliveStep.SendPing:
                _core.SendPing((ulong)_keepAlive.Unanswered);
                break;
        }
    }

    private void CheckIdle()
    {
        var timeout = _context.Settings.Connections.IdleTimeout;
        if (_core.IsRaw || !_idlePace.IsTick(Stopwatch.GetTimestamp(), timeout / IdleWatch.Checks, out _)) return;
        if ((_idle ??= new IdleWatch()).Check(_core.Inbound.Work + _core.Outbox.Work, _core.IsHeldBack)) End(Endings.Idle(timeout));
    }
}

using Akka.Actor;

namespace Akka.Event;

/// <summary>
/// Logs dead letters, dropped and unhandled messages: the first <c>akka.log-dead-letters</c> of them, then silence for
/// <c>akka.log-dead-letters-suspend-duration</c>, then as many again.
/// </summary>
public class DeadLetterListener : ActorBase
{
    private readonly EventStream _eventStream = Context.System.EventStream;
    private readonly int _max = Context.System.Settings.LogDeadLetters;
    private readonly TimeSpan _pause = Context.System.Settings.LogDeadLettersSuspendDuration;
    private long _silentUntil;
    private int _count;

    protected override void PreStart()
    {
        _eventStream.Subscribe(Self, typeof(DeadLetter));
        _eventStream.Subscribe(Self, typeof(Dropped));
        _eventStream.Subscribe(Self, typeof(UnhandledMessage));
    }

    protected override void PreRestart(Exception reason, object message)
    {
    }

    protected override void PostRestart(Exception reason)
    {
    }

    protected override void PostStop() => _eventStream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter) return false;
        if (letter.Message is IDeadLetterSuppression) return true;
        _count++;
        if (_max == int.MaxValue || _count < _max)
        {
            Write(letter, "");
        }
        else if (_count == _max)
        {
            Write(letter, _pause == Timeout.InfiniteTimeSpan ? ", no more dead letters will be logged" : $", no more dead letters will be logged in next [{_pause}]");
            if (_pause == Timeout.InfiniteTimeSpan) Context.Stop(Self);
            _silentUntil = Environment.TickCount64 + (long)_pause.TotalMilliseconds;
        }
        else if (Environment.TickCount64 > _silentUntil)
        {
            Write(letter, $", of which {_count - _max - 1} were not logged. The counter will be reset now");
            _count = 0;
        }

        return true;
    }

    private void Write(AllDeadLetters letter, string end)
    {
        var message = Unwrap(letter.Message);
        var name = message?.GetType().Name ?? "null";
        var text = message?.ToString() ?? "null";
        var from = IsReal(letter.Sender) ? $" from {letter.Sender}" : "";
        var to = letter is DeadLetter || IsReal(letter.Recipient) ? $" to {letter.Recipient}" : "";
        var fate = letter switch
        {
            Dropped dropped => $"was dropped. {dropped.Reason}",
            UnhandledMessage => "was unhandled",
            _ => "was not delivered",
        };
        _eventStream.Publish(new Info(
            letter.Recipient.Path.ToString(),
            letter.Recipient.GetType(),
            $"Message [{name}]{from}{to} {fate}. [{_count}] dead letters encountered{end}. "
            + "This logging can be turned off or adjusted with configuration settings 'akka.log-dead-letters' and 'akka.log-dead-letters-during-shutdown'."
            + (text == name ? "" : $" Message content: {text}")));
    }

    private static bool IsReal(IActorRef actor) => actor is not null and not DeadLetterActorRef;

    private static object Unwrap(object message)
    {
        while (message is IWrappedMessage wrapped) message = wrapped.Message;
        return message;
    }
}

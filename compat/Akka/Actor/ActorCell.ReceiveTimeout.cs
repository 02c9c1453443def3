namespace Akka.Actor;

/// <summary>The receive timeout of an actor that asked for one.</summary>
public partial class ActorCell
{
    private IdleTimer _idle;
    private bool _isReceiving;

    public TimeSpan? ReceiveTimeout => _idle?.Timeout;

    public void SetReceiveTimeout(TimeSpan? timeout = null)
    {
        if (timeout is { } value && value <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), "The receive timeout must be positive.");
        _idle?.Dispose();
        _idle = timeout is null ? null : new IdleTimer(_self, _system.Scheduler, timeout.Value, _isReceiving);
    }
}

namespace Akka.Actor;

/// <summary>
/// The message of a timer on its way: known to be stale when its timer was cancelled, replaced or belongs to an earlier instance.
/// </summary>
internal class TimerMessage : IWrappedMessage, INoSerializationVerificationNeeded
{
    private readonly TimerScheduler _owner;

    public TimerMessage(TimerScheduler owner, object key, object message, bool repeats)
    {
        _owner = owner;
        Key = key;
        Message = message;
        Repeats = repeats;
    }

    public object Key { get; }

    public object Message { get; }

    public bool Repeats { get; }

    public ICancelable Task { get; set; }

    /// <summary>The message to receive, or null if it is stale.</summary>
    public object Accept(ActorBase actor) =>
        actor is not null && ReferenceEquals(actor.TimersOrNull, _owner) && _owner.Accepts(this) ? Message : null;

    /// <summary>The same for a message that does not count as activity.</summary>
    internal sealed class Quiet : TimerMessage, INotInfluenceReceiveTimeout
    {
        public Quiet(TimerScheduler owner, object key, object message, bool repeats)
            : base(owner, key, message, repeats)
        {
        }
    }
}

namespace Akka.Streams;

/// <summary>The causes of a cancellation that is not a failure. They are singletons without a stack trace.</summary>
public static class SubscriptionWithCancelException
{
#pragma warning disable CA1710 // the names are those of the real package
    public abstract class NonFailureCancellation : Exception
    {
        public sealed override string StackTrace => "";
    }

    /// <summary>The downstream has got all it wanted.</summary>
    public sealed class NoMoreElementsNeeded : NonFailureCancellation
    {
        public static readonly NoMoreElementsNeeded Instance = new();

        private NoMoreElementsNeeded()
        {
        }
    }

    /// <summary>The stage that cancels has completed.</summary>
    public sealed class StageWasCompleted : NonFailureCancellation
    {
        public static readonly StageWasCompleted Instance = new();

        private StageWasCompleted()
        {
        }
    }
#pragma warning restore CA1710
}

namespace Akka.Actor;

/// <summary>Why a system shuts down.</summary>
public sealed partial class CoordinatedShutdown
{
    /// <summary>The base of reasons; applications may add their own.</summary>
    public class Reason
    {
        protected Reason()
        {
        }
    }

    /// <summary>No reason was given.</summary>
    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary>The system was terminated by code.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process is about to exit.</summary>
    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}

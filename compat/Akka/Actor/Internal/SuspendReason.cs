namespace Akka.Actor.Internal;

/// <summary>What a parent waits for while children of it stop.</summary>
public abstract class SuspendReason
{
    /// <summary>The actor itself cannot go on before its children have stopped.</summary>
    public interface IWaitingForChildren
    {
    }

    /// <summary>Nothing: the children were stopped one by one.</summary>
    public class UserRequest : SuspendReason
    {
        private UserRequest()
        {
        }

        public static UserRequest Instance { get; } = new();
    }

    /// <summary>Its restart.</summary>
    public class Recreation : SuspendReason, IWaitingForChildren
    {
        public Recreation(Exception cause) => Cause = cause;

        public Exception Cause { get; }
    }

    /// <summary>Its creation after a failed one.</summary>
    public class Creation : SuspendReason, IWaitingForChildren
    {
    }

    /// <summary>Its end.</summary>
    public class Termination : SuspendReason
    {
        private Termination()
        {
        }

        public static Termination Instance { get; } = new();
    }
}

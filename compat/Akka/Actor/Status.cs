namespace Akka.Actor;

/// <summary>The outcome of a piped task or of any request that either succeeds or fails.</summary>
public abstract class Status
{
    /// <summary>A success, with or without a value.</summary>
    public sealed class Success : Status
    {
        public static readonly Success Instance = new(null);

        public readonly object Status;

        public Success(object status) => Status = status;

        public override string ToString() => Status is null ? "Success" : $"Success: {Status}";
    }

    /// <summary>A failure and its cause.</summary>
    public sealed class Failure : Status
    {
        public readonly Exception Cause;

        public readonly object State;

        public Failure(Exception cause) => Cause = cause;

        public Failure(Exception cause, object state)
        {
            Cause = cause;
            State = state;
        }

        public override string ToString() => State is null ? $"Failure: {Cause}" : $"Failure[{State}]: {Cause}";
    }
}

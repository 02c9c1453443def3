namespace Akka.Dispatch.SysMsg;

/// <summary>Replaces the actor instance after a failure.</summary>
public sealed class Recreate : SystemMessage
{
    public Recreate(Exception cause) => Cause = cause;

    public Exception Cause { get; }
}

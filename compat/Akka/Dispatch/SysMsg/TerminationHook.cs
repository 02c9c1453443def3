namespace Akka.Dispatch.SysMsg;

/// <summary>Tells a system actor that /user has stopped and that the system waits for it.</summary>
public sealed class TerminationHook
{
    private TerminationHook()
    {
    }

    public static TerminationHook Instance { get; } = new();
}

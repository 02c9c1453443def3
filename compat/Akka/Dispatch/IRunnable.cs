namespace Akka.Dispatch;

/// <summary>Work for a dispatcher or a scheduler.</summary>
public interface IRunnable
{
    void Run();
}

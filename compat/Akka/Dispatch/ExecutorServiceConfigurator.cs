using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>
/// A factory that is named in the configuration of a dispatcher: <c>executor = "Namespace.Type, Assembly"</c>. It is made with the
/// dispatcher's section.
/// </summary>
public abstract class ExecutorServiceConfigurator : ExecutorServiceFactory
{
    protected ExecutorServiceConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    {
        Config = config;
        Prerequisites = prerequisites;
    }

    public Config Config { get; private set; }

    public IDispatcherPrerequisites Prerequisites { get; private set; }
}

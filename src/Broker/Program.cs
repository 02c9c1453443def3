using UdsBroker.Broker.Hosting;

return await new BrokerCommand(Console.Out, Console.Error, (settings, config) => BrokerHost.RunAsync(settings, config, Console.Error)).RunAsync(args);
